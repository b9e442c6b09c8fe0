// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what means something to its readers is what is tested
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { putKeyPair } from '../services/key-pair.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const root = await mkdtemp(path.join(tmpdir(), 'spacectl-test-'));
const plain = path.join(root, 'pool');
afterAll(() => rm(root, { recursive: true, force: true }));
beforeAll(async () => {
  await putKeyPair(plain);
});

const existing = ['--pool-id', '01HCC6QZ932J7WDF4FTVM9QMEP'];
const arns = [
  ['--token-secret-arn', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:spacelift/token-AbCdEf'],
  ['--private-key-secret-arn', 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:spacelift/key-AbCdEf'],
  ['--execution-role-arn', 'arn:aws:iam::123456789012:role/spacelift'],
].flat();

describe.each([
  ['daemon, a pool of its own', []],
  ['replica, arm64, an existing pool', ['--strategy', 'replica', '--arch', 'arm64', ...existing]],
  [
    'daemon, values that mean something to HCL and JSON',
    ['--env', "GREETING=\"${x} %{y}\\ 'z'", '--pool-name', '"${x}"'],
  ],
] as const)('ECS: %s', (_title, flags) => {
  testWith('aws')("the AWS command line accepts task-definition.json against ECS's own model", async () => {
    const dir = path.join(await temporaryFolder(), 'pool');
    await cp(plain, dir, { recursive: true });
    await spacectl(['render', 'ecs', '--dir', dir, '--region', 'eu-west-1', ...arns, ...flags]);
    const check = await register(path.join(dir, 'ecs/task-definition.json'));
    expect({ exitCode: check.exitCode, stderr: check.stderr }).toEqual({ exitCode: 0, stderr: '' });
    const document = JSON.parse(await readFile(path.join(dir, 'ecs/task-definition.json'), 'utf8'));
    expect(document.requiresCompatibilities).toEqual(['EC2']);
    expect(document.containerDefinitions[0].environment).toEqual(
      expect.arrayContaining([
        { name: 'SPACELIFT_WORKER_COMMS_PROTOCOL', value: 'poll' },
        { name: 'SPACELIFT_WORKER_COMMS_URL', value: 'https://app.spacelift.io' },
      ]),
    );
    expect(document.containerDefinitions[0].secrets.map(({ valueFrom }: { valueFrom: string }) => valueFrom)).toEqual([
      arns[1],
      arns[3],
    ]);
  });
});

/** Lets the AWS command line hold a document against the service's model, without a request. */
function register(file: string) {
  const args = ['ecs', 'register-task-definition', '--cli-input-json', `file://${file}`];
  return execa('aws', [...args, '--generate-cli-skeleton', 'output'], {
    reject: false,
    extendEnv: false,
    env: { PATH: process.env['PATH'] ?? '', AWS_DEFAULT_REGION: 'eu-west-1', HOME: tmpdir() },
  });
}

testWith('aws')('the AWS command line refuses what ECS does not have', async () => {
  const file = path.join(await temporaryFolder(), 'task.json');
  await writeFile(file, '{"family":"x","containerDefinitions":[{"name":"x","imag":"y"}]}');
  expect((await register(file)).stderr).toContain('imag');
});

test.each([
  ['Fargate', ['--launch-type', 'fargate'], 'the Docker socket'],
  ['arm64 on x86_64', ['--arch', 'arm64', '--instance-type', 'm5.large'], 'm5.large'],
  ['an ARN that is none', ['--token-secret-arn', 'spacelift/token'], 'the ARN of a secret'],
] as const)('%s is refused with the reason', async (_title, flags, reason) => {
  const run = await spacectl(['render', 'ecs', '--dir', plain, ...flags]);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain(reason);
});
