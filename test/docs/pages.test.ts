import { existsSync } from 'node:fs';
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { renderPages } from '../../build/reference/pages.ts';
import { describeCommands } from '../../commands/index.ts';

const pages = await renderPages(process.cwd());

test('the generated lists are current; if not, run: npm run docs', () => {
  const present = pages.map(({ file, present }) => ({ file, text: present }));
  expect(present).toEqual(pages.map(({ file, wanted }) => ({ file, text: wanted })));
});

test.each(pages.map(({ file, present }) => [file, present] as const))(
  'links in %s lead somewhere',
  async (file, page) => {
    const missing = linksIn(page).map(async (link) => ((await leadsSomewhere(file, link)) ? [] : [link]));
    expect((await Promise.all(missing)).flat()).toEqual([]);
  },
);

test('help and pages for users say "directory"', async () => {
  const help = JSON.stringify(await describeCommands());
  const texts = pages
    .filter(({ file }) => !/architecture|next|CONTRIBUTING/.test(file))
    .map(({ present }) => present.replace(/^```[\s\S]*?^```/gm, ''));
  const found = [help, ...texts].flatMap((text) => text.match(/.{20}\bfolders?\b.{20}/gi) ?? []);
  expect(found).toEqual([]);
});

test('the files of this repository that pages name exist', () => {
  const named = pages.flatMap(({ present }) => [
    ...present.matchAll(/`((?:src|commands|test|templates|build|docs|bench)\/[\w./-]*\w)\/?`/g),
  ]);
  expect(named.length).toBeGreaterThan(100);
  expect(named.map(([, file = '']) => file).filter((file) => !existsSync(file))).toEqual([]);
});

test('README.md leads to every page', async () => {
  const all = (await readdir('docs', { recursive: true })).filter((name) => name.endsWith('.md'));
  const linked = linksIn(await readFile('README.md', 'utf8')).map((link) => link.replace(/#.*/, ''));
  expect(all.filter((name) => !linked.includes(`docs/${name}`))).toEqual([]);
});

/** Finds the targets of links that stay in the repository. */
function linksIn(page: string): readonly string[] {
  const targets = [...page.replace(/```[\s\S]*?```/g, '').matchAll(/\]\(([^)\s]+)\)/g)].map(
    ([, target = '']) => target,
  );
  return targets.filter((target) => !/^https?:/.test(target));
}

async function leadsSomewhere(from: string, link: string): Promise<boolean> {
  const [target = '', heading] = link.split('#');
  const file = target === '' ? from : path.join(path.dirname(from), target);
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => error.code === 'EISDIR' && '');
  if (text === false) return false;
  return heading === undefined || headingsOf(text).includes(heading);
}

/** The anchors of a page, as GitHub makes them of headings. */
function headingsOf(page: string): readonly string[] {
  const headings = [...page.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading.toLowerCase());
  return headings.map((heading) => heading.replace(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(' ', '-'));
}
