// A process of its own that runs test files of a sandbox, one at a time, as its parent says. It may be killed at any
// moment: mutants make endless loops.
import { readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { createVitest } from 'vitest/node';

/**
 * @typedef {object} Order
 * @property {string} file a test file, from the sandbox's root
 * @property {string} mutant the active one; nothing to run the code as it is
 * @property {readonly string[] | undefined} tests ids; all tests of the file without
 * @property {boolean} isRecording
 *
 * @typedef {object} Result
 * @property {boolean} isGreen
 * @property {readonly { id: string, name: string, isGreen: boolean, milliseconds: number }[]} tests those that were run
 * @property {string} reached lines of a test's id, a tab and a mutant's id; empty unless recorded
 */

const folder = process.cwd();
const vitest = await createVitest('test', {
  root: folder,
  config: path.join(folder, 'vitest.mutants.config.mjs'),
  watch: false,
  reporters: [{}],
});

process.on('message', (order) => {
  void run(/** @type {Order} */ (order)).then((result) => process.send?.(result));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');

/**
 * @param {Order} order
 * @returns {Promise<Result>}
 */
async function run({ file, mutant, tests, isRecording }) {
  const [active, reached] = ['active', 'reached'].map((name) => path.join(folder, '.mutants', name));
  await writeFile(/** @type {string} */ (active), mutant);
  if (isRecording) await writeFile(/** @type {string} */ (reached), '');
  else await rm(/** @type {string} */ (reached), { force: true });

  vitest.config.bail = isRecording ? 0 : 1;
  vitest.state.clearErrors();
  const name = file.startsWith('test/e2e/') ? 'e2e' : 'unit';
  const project = vitest.projects.find((each) => each.name === name);
  if (!project) throw new Error(`no project for ${file}`);
  const specification = project.createSpecification(path.join(folder, file), tests ? { testIds: [...tests] } : {});
  const { testModules, unhandledErrors } = await vitest.runTestSpecifications([specification], false);
  const module = testModules.find(({ relativeModuleId }) => relativeModuleId === file);
  await writeFile(/** @type {string} */ (active), '');
  const ran = [...(module?.children.allTests() ?? [])].filter((test) =>
    ['passed', 'failed'].includes(test.result().state),
  );
  return {
    isGreen: unhandledErrors.length === 0 && module?.state() !== 'failed' && ran.every((test) => test.ok()),
    tests: ran.map((test) => ({
      id: test.id,
      name: test.fullName,
      isGreen: test.result().state === 'passed',
      milliseconds: test.diagnostic()?.duration ?? 0,
    })),
    reached: isRecording ? await readFile(/** @type {string} */ (reached), 'utf8') : '',
  };
}
