import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { temporaryFolder } from '../services/temporary.ts';

import { converse, filesOnly, QUESTIONS, withTmux, wizard } from '../services/wizard.ts';

const PROMPTS = ['folder', 'goal', 'ca', 'review'] as const;

withTmux.each(PROMPTS)('Ctrl-C at the prompt "%s" ends with 130 and keeps nothing but the answers', async (stop) => {
  const cwd = await temporaryFolder();
  const terminal = await wizard(cwd, '--offline');
  for (const prompt of PROMPTS.slice(0, PROMPTS.indexOf(stop))) {
    await converse(terminal, [
      [prompt, prompt === 'goal' ? filesOnly('Down', 'Space') : prompt === 'folder' ? 'pool' : ''],
    ]);
  }
  await terminal.waitFor(QUESTIONS[stop]);
  await terminal.press('C-c');
  expect(await terminal.ended()).toBe(130);
  expect(await readdir(path.join(cwd, 'pool')).catch(() => ['spacectl.yaml'])).toEqual(['spacectl.yaml']);
});

withTmux(
  'Ctrl-C while files are written ends with 130 and leaves only the answers behind, and the next run finishes',
  async () => {
    const cwd = await temporaryFolder();
    const flags = ['--offline', '--dir', 'pool', '--target', 'systemd'];
    // A key of this size takes many seconds.
    const terminal = await wizard(cwd, ...flags, '--bits', '16384');
    await converse(terminal, [
      ['ca', ''],
      ['review', ''],
    ]);
    await terminal.waitFor('Write the key pair');
    await terminal.press('C-c');
    expect(await terminal.ended()).toBe(130);
    expect((await readdir(path.join(cwd, 'pool'))).filter((name) => !/^(?:\.gitignore|spacectl\.)/.test(name))).toEqual(
      [],
    );
    const again = await wizard(cwd, ...flags, '--bits', '2048');
    await converse(again, [
      ['ca', ''],
      ['review', ''],
    ]);
    expect(await again.ended()).toBe(0);
    expect((await stat(path.join(cwd, 'pool/spacelift.key'))).mode & 0o777).toBe(0o600);
  },
);
