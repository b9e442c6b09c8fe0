import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { spacectl } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';

test('with DEBUG=spacectl, the stack of a bug names files and lines of the sources', async () => {
  const { stderr } = await spacectl(['keypair', 'verify'], {
    cwd: await temporaryFolder(),
    env: { DEBUG: 'spacectl' },
  });
  const frames = [...String(stderr).matchAll(/^ +at .*?\/((?:src|commands)\/[\w/-]+\.ts):(\d+):\d+\)?$/gm)];
  const lines = frames.map(async ([, file = '', line]) => {
    const text = (await readFile(file, 'utf8')).split('\n')[Number(line) - 1]?.trim();
    return `${file}: ${text}`;
  });
  const [first, ...rest] = await Promise.all(lines);
  expect(first).toMatch(/ new UserError\(/);
  expect(rest).toContain('commands/oclif/base.ts: await command.run();');
  expect(stderr).not.toContain('/dist/');
});

test('without DEBUG, an error shows no stack', async () => {
  const { stderr } = await spacectl(['keypair', 'verify'], { cwd: await temporaryFolder() });
  expect(stderr).not.toMatch(/^ +at /m);
});
