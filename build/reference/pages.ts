import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fillLists } from './fill.ts';
import { LISTS } from './lists.ts';

/** A page of the documentation, as it is and as it should be. */
export interface Page {
  /** Its path below the root. */
  readonly file: string;
  readonly present: string;
  readonly wanted: string;
}

/** Renders every page that holds generated lists. */
export async function renderPages(root: string): Promise<readonly Page[]> {
  const names = await readdir(path.join(root, 'docs'), { recursive: true });
  const files = [
    'README.md',
    'CONTRIBUTING.md',
    'SECURITY.md',
    'CHANGELOG.md',
    ...names.map((name) => path.join('docs', name)),
  ];
  const pages = files.filter((file) => file.endsWith('.md')).map((file) => renderPage(root, file));
  return (await Promise.all(pages)).sort((one, other) => (one.file < other.file ? -1 : 1));
}

async function renderPage(root: string, file: string): Promise<Page> {
  const present = await readFile(path.join(root, file), 'utf8');
  return { file, present, wanted: await fillLists(present, LISTS) };
}
