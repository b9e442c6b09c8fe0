import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { rolldown } from 'rolldown';

const root = path.resolve(import.meta.dirname, '../..');

/**
 * Bundles what threads run: Node 20 does not read TypeScript.
 * @param {string} folder where the bundle goes
 * @param {Record<string, string>} entries modules by name
 */
export async function bundle(folder, entries) {
  await mkdir(folder, { recursive: true });
  const program = await rolldown({
    cwd: root,
    input: entries,
    platform: 'node',
    transform: { target: 'node20.19' },
    external: ['typescript', 'vitest', /^@aws-sdk/],
    logLevel: 'silent',
  });
  await program.write({ dir: folder, format: 'esm', sourcemap: true, entryFileNames: '[name].mjs', minify: false });
  await program.close();
}
