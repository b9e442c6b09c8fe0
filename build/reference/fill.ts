/** A list that the code knows, as Markdown without a line break at the end. */
export type MakeList = () => string | Promise<string>;

const BLOCK = /^<!-- generated: ([a-z-]+) \(npm run docs\) -->\n[\s\S]*?^<!-- end -->$/gm;
const MARKER = /^<!-- (?:generated|end)\b.*$/gm;

/**
 * Replaces what stands between the markers of a page by the lists they name.
 * @throws Error for an unknown list, or for markers that do not come in pairs
 */
export async function fillLists(page: string, lists: Readonly<Record<string, MakeList>>): Promise<string> {
  const blocks = [...page.matchAll(BLOCK)];
  const markers = page.match(MARKER) ?? [];
  if (markers.length !== 2 * blocks.length) throw new Error(`markers do not come in pairs: ${markers.join(' ')}`);
  let filled = page;
  for (const [block, name = ''] of blocks) {
    const make = lists[name];
    if (!make) throw new Error(`no list is named "${name}"; there are ${Object.keys(lists).join(', ')}`);
    const wanted = `<!-- generated: ${name} (npm run docs) -->\n\n${await make()}\n\n<!-- end -->`;
    filled = filled.replace(block, () => wanted);
  }
  return filled;
}

/** Formats rows as a Markdown table. */
export function table(headings: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`;
  return [line(headings), line(headings.map(() => '---')), ...rows.map(line)].join('\n');
}

/** Sets text in the type of code. */
export const code = (text: string): string => `\`${text}\``;
