// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what means something to its readers is what is tested
import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { makeToken } from '../services/token.ts';

/** Values that mean something to YAML, to Compose and to shells. */
const VALUES = [
  'a "b" \'c\'',
  '$HOME ${HOME} $$',
  '# no comment',
  'back\\slash \\n',
  ': - {x}',
  'a=b',
  ' spaces ',
  '!x',
  '`id`',
];

async function pool(): Promise<{ dir: string; token: string; key: string }> {
  const dir = path.join(await temporaryFolder(), 'pool');
  await spacectl(['keypair', 'generate', '--dir', dir, '--bits', '2048']);
  const token = await makeToken({ key: path.join(dir, 'spacelift.key') });
  await writeFile(path.join(dir, 'worker-pool.config'), token);
  const run = await spacectl([
    'render',
    'docker',
    '--dir',
    dir,
    ...VALUES.flatMap((each, i) => ['--env', `V${i}=${each}`]),
  ]);
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
  return { dir, token, key: (await readFile(path.join(dir, 'spacelift.key'))).toString('base64') };
}

testWith('docker-compose', 'openssl')('Compose reads every value back as it was meant, and both secrets', async () => {
  const { dir, token, key } = await pool();
  const { stdout } = await execa('docker-compose', ['--file', 'compose.yaml', 'config'], {
    cwd: path.join(dir, 'docker'),
  });
  const { parse } = await import('yaml');
  const { launcher } = parse(stdout).services;
  for (const [index, value] of VALUES.entries()) {
    // What Compose prints could be read again: there a dollar sign is doubled once more.
    expect(launcher.environment[`V${index}`].replaceAll('$$', '$')).toBe(value);
  }
  expect(launcher.environment).toMatchObject({ SPACELIFT_TOKEN: token, SPACELIFT_POOL_PRIVATE_KEY: key });
  expect(JSON.stringify(launcher.volumes)).toContain('/opt/spacelift:/opt/spacelift');
  expect((await stat(path.join(dir, 'docker/secrets.env'))).mode & 0o777).toBe(0o600);
});

testWith('shellcheck', 'openssl')('docker run gets every value as one argument, and no secret', async () => {
  const { dir, token, key } = await pool();
  const folder = path.join(dir, 'docker');
  await execa('shellcheck', ['run.sh'], { cwd: folder });
  // Docker's place is taken by a program that prints its arguments.
  await writeFile(path.join(folder, 'docker'), '#!/bin/sh\nprintf "%s\\0" "$@"\n', { mode: 0o755 });
  const { stdout } = await execa('sh', ['run.sh'], { cwd: folder, env: { PATH: `${folder}:${process.env['PATH']}` } });
  const args = stdout.split('\0').slice(0, -1);
  for (const [index, value] of VALUES.entries()) expect(args).toContain(`V${index}=${value}`);
  expect(args.at(-1)).toBe('public.ecr.aws/spacelift/launcher:latest');
  expect(stdout).not.toContain(token.slice(0, 40));
  expect(stdout).not.toContain(key.slice(0, 40));
});
