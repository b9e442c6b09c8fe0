import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { spacectl } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';

test('git ignores a vault password file in the pool directory, and status --json names that directory absolutely', async () => {
  const cwd = await temporaryFolder();
  const [dir, outside] = [path.join(cwd, 'p'), path.join(cwd, 'outside')];
  await mkdir(dir);
  for (const file of [path.join(dir, 'vp'), outside]) await writeFile(file, 'correct horse\n');
  const init = ['init', 'p', '--no-input', '--bits', '2048', '--target', 'ansible', '--vault-password-file'];
  expect((await spacectl([...init, 'outside'], { cwd })).exitCode).toBe(0);
  const ignored = async () => (await readFile(path.join(dir, '.gitignore'), 'utf8')).split('\n');
  expect((await ignored()).filter((line) => /vp|outside/.test(line))).toEqual([]);
  expect((await spacectl([...init, 'p/vp'], { cwd })).exitCode).toBe(0);
  expect(await ignored()).toContain('/vp');
  const { stdout } = await spacectl(['status', '.', '--offline', '--json'], { cwd: dir });
  expect(JSON.parse(String(stdout)).dir).toBe(dir);
});
