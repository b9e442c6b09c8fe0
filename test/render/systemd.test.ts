import { chmod, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatEnvironmentFile } from '../../src/render/environment-file.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const TEMPLATES = path.resolve('templates/systemd');

testWith('systemd-analyze')('the unit verifies without a word, and is exposed less than 5', async () => {
  const root = await temporaryFolder();
  const units = path.join(root, 'etc/systemd/system');
  await mkdir(units, { recursive: true });
  const unit = await readFile(path.join(TEMPLATES, 'spacelift-launcher.service'), 'utf8');
  // What the unit refers to on a real host, as stand-ins.
  const standIn = path.join(root, 'program');
  await writeFile(standIn, '#!/bin/sh\n');
  await chmod(standIn, 0o755);
  const file = path.join(units, 'spacelift-launcher.service');
  await writeFile(
    file,
    unit
      .replaceAll('/usr/local/sbin/spacelift-update-launcher', standIn)
      .replaceAll('/usr/local/bin/spacelift-launcher', standIn),
  );
  await writeFile(path.join(units, 'docker.service'), '[Service]\nExecStart=/bin/true\n');
  const verify = await execa('systemd-analyze', ['verify', file], {
    all: true,
    reject: false,
    env: { SYSTEMD_UNIT_PATH: `${units}:` },
  });
  expect({ exitCode: verify.exitCode, all: verify.all }).toEqual({ exitCode: 0, all: '' });
  const { stdout } = await execa('systemd-analyze', ['security', '--offline=true', '--threshold=50', file]);
  expect(stdout).toContain('Overall exposure level');
});

testWith('shellcheck')('the scripts that run on hosts are clean', async () => {
  await execa('shellcheck', ['install.sh', 'spacelift-update-launcher'], { cwd: TEMPLATES });
});

test('install.sh puts every file in its place with its mode, and the second time finds nothing to do', async () => {
  const [folder, root] = [await temporaryFolder(), await temporaryFolder()];
  for (const name of ['install.sh', 'spacelift-update-launcher', 'spacelift-launcher.service']) {
    await writeFile(path.join(folder, name), await readFile(path.join(TEMPLATES, name)));
  }
  for (const name of ['launcher.env', 'secrets.env', 'custom-ca-bundle.crt'])
    await writeFile(path.join(folder, name), name);
  const install = () => execa('sh', [path.join(folder, 'install.sh')], { env: { SPACELIFT_INSTALL_ROOT: root } });
  expect((await install()).stdout).toContain('wrote /etc/spacelift/secrets.env');
  expect((await install()).stdout).toBe('');
  const mode = async (file: string) => ((await stat(path.join(root, file))).mode & 0o777).toString(8);
  expect(await mode('etc/spacelift/secrets.env')).toBe('600');
  expect(await mode('etc/spacelift/launcher.env')).toBe('600');
  expect(await mode('etc/spacelift/custom-ca-bundle.crt')).toBe('644');
  expect(await mode('usr/local/sbin/spacelift-update-launcher')).toBe('755');
  expect(await mode('etc/systemd/system/spacelift-launcher.service')).toBe('644');
});

test('a shell reads an environment file back as it was meant, whatever is in the values', async () => {
  const value = fc.string({ unit: fc.constantFrom(...'abc =\'"\\$`%#;&|*~!é€\t') });
  const values = fc.sample(value, { numRuns: 200, seed: 7 });
  const variables = Object.fromEntries(values.map((each, index) => [`V${index}`, each]));
  const text = formatEnvironmentFile(variables, 'test');
  const print = values.map((_, index) => `printf '%s\\0' "$V${index}"`).join('\n');
  const { stdout } = await execa('sh', ['-s'], { input: `${text}\n${print}\n`, stripFinalNewline: false });
  expect(stdout.split('\0').slice(0, -1)).toEqual(values);
});

test.each(['a\nB=c', 'a\rb', 'a\0b'])('a value that an environment file cannot hold is refused: %j', (value) => {
  expect(() => formatEnvironmentFile({ NAME: value }, 'test')).toThrow('NAME holds a line break or NUL');
});
