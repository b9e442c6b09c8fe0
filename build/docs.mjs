// `npm run docs`: writes the lists in README.md and docs/ that the code knows.
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { rolldown } from 'rolldown';

const root = path.dirname(import.meta.dirname);
const file = path.join(root, 'node_modules/.cache/spacectl-docs.mjs');

// Node 20 does not run TypeScript, so the generator is bundled first.
const generator = await rolldown({
  cwd: root,
  input: 'build/reference/pages.ts',
  platform: 'node',
  external: [/^[^./]/],
  checks: { ineffectiveDynamicImport: false },
});
await generator.write({ file, codeSplitting: false });
await generator.close();

/** @type {typeof import('./reference/pages.ts')} */
const { renderPages } = await import(pathToFileURL(file).href);
for (const page of await renderPages(root)) {
  if (page.present === page.wanted) continue;
  await writeFile(path.join(root, page.file), page.wanted);
  process.stdout.write(`${page.file}\n`);
}
