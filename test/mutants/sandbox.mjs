import { cp, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';

/** Modules that a process of the built program starts with. */
const ENTRIES = ['commands/run.ts', 'src/oci/layers/worker.ts'];

/** The configuration of the tests, for one file at a time: `setup.mjs` comes first, and nothing is shared. */
const CONFIGURATION = `import config from './vitest.config.ts';
export default {
  test: {
    ...config.test,
    maxWorkers: 1,
    sequence: {},
    projects: config.test.projects.map(({ test }) => ({
      test: { ...test, isolate: true, setupFiles: ['test/mutants/setup.mjs'] },
    })),
  },
};
`;

/**
 * Copies the project to another folder, with mutated modules, and builds the program there.
 * @param {string} root
 * @param {string} folder
 * @param {ReadonlyMap<string, string>} modules their mutated content, by path from the root
 */
export async function makeSandbox(root, folder, modules) {
  await mkdir(path.join(folder, '.mutants'), { recursive: true });
  const left = new Set(['node_modules', '.git', 'dist'].map((name) => path.join(root, name)));
  await cp(root, folder, { recursive: true, filter: (source) => !left.has(source) });
  await symlink(path.join(root, 'node_modules'), path.join(folder, 'node_modules'));

  for (const [module, content] of modules) await writeFile(path.join(folder, module), content);
  const recorder = path.join(folder, 'test/mutants/recorder.cjs');
  await writeFile(recorder, (await readFile(recorder, 'utf8')).replace('@FOLDER@', path.join(folder, '.mutants')));
  for (const entry of ENTRIES) {
    const file = path.join(folder, entry);
    const content = await readFile(file, 'utf8');
    await writeFile(
      file,
      content.replace(/^(?:#!.*\n)?/, (shebang) => `${shebang}import '${recorder}';\n`),
    );
  }
  await writeFile(path.join(folder, 'vitest.mutants.config.mjs'), CONFIGURATION);
  await execa(process.execPath, ['build.mjs'], { cwd: folder });
}
