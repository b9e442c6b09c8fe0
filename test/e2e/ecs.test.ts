// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what means something to its readers is what is tested
import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { putKeyPair } from '../services/key-pair.ts';
import { spacectl } from '../services/program.ts';
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
  test('task-definition.json is one for EC2, and its launcher polls', async () => {
    const dir = path.join(await temporaryFolder(), 'pool');
    await cp(plain, dir, { recursive: true });
    const words = ['render', 'ecs', '--dir', dir, '--region', 'eu-west-1', ...arns, ...flags, '--json'];
    const { stdout } = await spacectl(words);
    const document = JSON.parse(await readFile(path.join(dir, 'ecs/task-definition.json'), 'utf8'));
    expect(document.requiresCompatibilities).toEqual(['EC2']);
    const { 'awslogs-group': logGroup } = document.containerDefinitions[0].logConfiguration.options;
    const commands: readonly string[] = JSON.parse(String(stdout)).next.map(({ command = '' }) => command);
    const log = `aws logs create-log-group --log-group-name ${logGroup}`;
    const without = commands.slice(-2).map((each) => each.replace(/(definition) .*/, '$1'));
    if (words.includes('--pool-id')) expect(without).toEqual([log, 'aws ecs register-task-definition']);
    else expect(commands).not.toContain(log);
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

test.each([
  ['Fargate', ['--launch-type', 'fargate'], 'the Docker socket'],
  ['arm64 on x86_64', ['--arch', 'arm64', '--instance-type', 'm5.large'], 'm5.large'],
  ['spot without its risk', ['--spot'], '--spot needs --accept-spot-risk'],
  ['a volume smaller than the image', ['--volume-size', '8'], 'between 30 and 16384'],
  ['a tag without a value', ['--tag', 'team'], 'is not KEY=VALUE'],
  ['a tag of AWS', ['--tag', 'aws:team=x'], 'begin with aws:'],
  ['a tag that ECS sets', ['--tag', 'AmazonECSManaged=x'], 'ECS sets this tag itself'],
  ['a tag with two values', ['--tag', 'team=a', '--tag', 'team=b'], '--tag team was passed twice'],
  ['a key that is none', ['--kms-key-arn', 'alias/x'], 'the ARN of a KMS key'],
  ['a boundary that is none', ['--permissions-boundary-arn', 'x'], 'the ARN of a policy'],
  ['an ARN that is none', ['--token-secret-arn', 'spacelift/token'], 'the ARN of a secret'],
] as const)('%s is refused with the reason', async (_title, flags, reason) => {
  const run = await spacectl(['render', 'ecs', '--dir', plain, ...flags]);
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain(reason);
});

test.each([
  ['ecs', []],
  ['terraform', ['--cloud', 'aws']],
])('A misspelt region is warned of by render %s', async (what, flags) => {
  const words = ['render', what, ...flags, '--dir', plain, '--region', 'eu-wets-1', '--dry-run', '--json'];
  const run = await spacectl(words);
  expect(run.exitCode).toBe(0);
  expect(String(run.stdout)).toContain('AWS does not list eu-wets-1; did you mean eu-west-1?');
});
