import { randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { installerScript } from '../../src/deploy/installer-script.ts';
import { known } from '../../src/step/content.ts';
import { temporaryFolder } from '../services/temporary.ts';

const AWKWARD = "it's $HOME";

async function scriptInto(folder: string, more = '') {
  const secret = randomBytes(300);
  const installer = `#!/bin/sh\nset -eu\n${more}cp secrets.env '${folder}/secrets'\nstat -c %a secrets.env . >'${folder}/modes'\npwd >'${folder}/place'\ncat\n`;
  const script = await installerScript([
    { name: 'install.sh', mode: 0o755, content: known(installer) },
    { name: 'secrets.env', mode: 0o600, content: known(secret) },
    { name: AWKWARD, mode: 0o644, content: known('') },
  ]);
  return { secret, script };
}

const run = (script: string) => execa('sh', ['-s'], { input: script, reject: false });

test('files arrive byte by byte in a directory that only their owner can read, which is gone afterwards', async () => {
  const folder = await temporaryFolder();
  const { secret, script } = await scriptInto(folder, `test -f "${AWKWARD.replaceAll('$', '\\$')}"\n`);
  expect(script).not.toContain(secret.toString('latin1'));
  expect(await run(script)).toMatchObject({ exitCode: 0, stdout: `spacectl: root\nspacectl: host ${hostname()}` });
  expect(await readFile(path.join(folder, 'secrets'))).toEqual(secret);
  expect(await readFile(path.join(folder, 'modes'), 'utf8')).toBe('600\n700\n');
  const place = (await readFile(path.join(folder, 'place'), 'utf8')).trim();
  expect(await readdir(path.dirname(place))).not.toContain(path.basename(place));
});

test('an installer that fails leaves nothing behind, and its exit code is kept', async () => {
  const folder = await temporaryFolder();
  const { script } = await scriptInto(folder, `pwd >'${folder}/place'\nexit 7\n`);
  expect(await run(script)).toMatchObject({ exitCode: 7 });
  const place = (await readFile(path.join(folder, 'place'), 'utf8')).trim();
  expect(await readdir(path.dirname(place))).not.toContain(path.basename(place));
});

test('a script that arrives in part does nothing', async () => {
  const folder = await temporaryFolder();
  const { script } = await scriptInto(folder);
  // The last word is the call: with it, the script is whole.
  const whole = script.lastIndexOf('main');
  for (let cut = 1; cut <= 40; cut++) {
    const { stdout } = await run(script.slice(0, Math.floor((whole * cut) / 40)));
    expect(stdout, `cut after ${cut}/40`).toBe('');
  }
  expect(await readdir(folder)).toEqual([]);
});
