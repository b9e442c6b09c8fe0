import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';

/** A number that may be one, before a plural: `counted` says "1 day". */
const PLURAL = /\$\{(?![^}]*counted)[\w.]*(?:\.length|[dD]ays(?:Left)?|[wW]orkers|[rR]uns|restarts|times)\} [a-z]+s\b/;

/** What is told only of a number above a limit or above one. */
const NEVER_ONE = /limit|length === [01]|contents\.length > 1|characters/;

async function linesOf(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith('.ts'));
  const files = names.map(async (name) => {
    const text = await readFile(path.join(folder, name), 'utf8');
    return text.split('\n').map((line) => `${folder}/${name}: ${line.trim()}`);
  });
  return (await Promise.all(files)).flat();
}

test('a number before a plural is counted, so that no message says "1 days"', async () => {
  const lines = [...(await linesOf('src')), ...(await linesOf('commands'))];
  expect(lines.length).toBeGreaterThan(20_000);
  const found = lines.filter((line) => PLURAL.test(line) && !NEVER_ONE.test(line));
  expect(found.filter((line) => !line.startsWith('src/oci/'))).toEqual([]);
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a line as it would be found
  expect(PLURAL.test('`updated ${days} days ago`')).toBe(true);
});
