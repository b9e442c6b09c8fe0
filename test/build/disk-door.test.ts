import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../services/temporary.ts';

/** Lints one file at a path of the project with the rule alone, and says how often it complains. */
async function complaints(place: string, code: string): Promise<number> {
  const folder = await temporaryFolder();
  await copyFile('.biome/disk.grit', path.join(folder, 'disk.grit'));
  const configuration = { plugins: ['./disk.grit'], linter: { rules: { recommended: false } } };
  await writeFile(path.join(folder, 'biome.json'), JSON.stringify(configuration));
  const file = path.join(folder, place);
  await mkdir(path.dirname(file), { recursive: true });
  await writeFile(file, code);
  const run = await execa(path.resolve('node_modules/.bin/biome'), ['lint', place], { cwd: folder, reject: false });
  return `${run.stdout}${run.stderr}`.split('The door to writing on disk is src/files/.').length - 1;
}

test.each([
  "import { stat, writeFile } from 'node:fs/promises';",
  "import {\n  readFile,\n  rm,\n} from 'node:fs/promises';",
  "import { open } from 'node:fs/promises';",
  "import { createWriteStream as stream } from 'node:fs';",
  "import { promises } from 'node:fs';",
  "import fs from 'node:fs';",
  "import * as fs from 'node:fs/promises';",
  "import fs, { stat } from 'fs';",
  "export { rm } from 'node:fs/promises';",
  "export * from 'node:fs';",
  "const { rm } = await import('node:fs/promises');",
  "const fs = require('node:fs');",
  "const fs = process.getBuiltinModule('fs');",
])('%j is rejected everywhere but in src/files/', async (code) => {
  expect(await complaints('src/host/install/deep/er/file.ts', code)).toBe(1);
  expect(await complaints('commands/file.ts', code)).toBe(1);
  expect(await complaints('src/files/file.ts', code)).toBe(0);
});

test('what only reads may be imported anywhere', async () => {
  const code = `
    import { type Stats, stat, readFile as read, existsSync } from 'node:fs/promises';
    import type { Dirent } from 'node:fs';
    import { createReadStream } from 'node:fs';
    import {
      lstat,
      readdir,
    } from 'node:fs/promises';
  `;
  expect(await complaints('src/host/file.ts', code)).toBe(0);
});
