import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { putKeyPair } from '../services/key-pair.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { makeToken } from '../services/token.ts';

testWith(
  'docker-compose',
  'shellcheck',
  'openssl',
)(
  'Compose and docker run start the same launcher, with both secrets and none of them among the arguments',
  async () => {
    const dir = path.join(await temporaryFolder(), 'pool');
    await putKeyPair(dir);
    const token = await makeToken({ key: path.join(dir, 'spacelift.key'), endpoint: 'worker-iot.us.spacelift.io' });
    await writeFile(path.join(dir, 'worker-pool.config'), token);
    const run = await spacectl(['render', 'docker', '--dir', dir, '--env', 'GREETING=a "b" $c']);
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
    const key = (await readFile(path.join(dir, 'spacelift.key'))).toString('base64');
    const folder = path.join(dir, 'docker');
    const config = await execa('docker-compose', ['--file', 'compose.yaml', 'config'], { cwd: folder });
    const { launcher } = parse(config.stdout).services;
    expect(launcher.environment).toMatchObject({ SPACELIFT_TOKEN: token, SPACELIFT_POOL_PRIVATE_KEY: key });
    const comms = {
      SPACELIFT_WORKER_COMMS_PROTOCOL: 'poll',
      SPACELIFT_WORKER_COMMS_URL: 'https://app.us.spacelift.io',
    };
    expect(launcher.environment).toMatchObject(comms);
    expect(JSON.stringify(launcher.volumes)).toContain('/opt/spacelift:/opt/spacelift');
    expect((await stat(path.join(folder, 'secrets.env'))).mode & 0o777).toBe(0o600);

    await execa('shellcheck', ['run.sh'], { cwd: folder });
    // Docker's place is taken by a program that prints its arguments.
    await writeFile(path.join(folder, 'docker'), '#!/bin/sh\nprintf "%s\\0" "$@"\n', { mode: 0o755 });
    const { stdout } = await execa('sh', ['run.sh'], {
      cwd: folder,
      env: { PATH: `${folder}:${process.env['PATH']}` },
    });
    const args = stdout.split('\0').slice(0, -1);
    expect(args).toEqual(expect.arrayContaining(['secrets.env', 'GREETING=a "b" $c', '/opt/spacelift:/opt/spacelift']));
    expect(args).toEqual(expect.arrayContaining(Object.entries(comms).map(([name, value]) => `${name}=${value}`)));
    expect(args.at(-1)).toBe(launcher.image);
    expect(stdout).not.toContain(token.slice(0, 40));
    expect(stdout).not.toContain(key.slice(0, 40));
  },
);
