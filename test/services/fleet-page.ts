import { readFile } from 'node:fs/promises';

/** The code blocks of docs/fleet.md, by the heading that they are under. */
export async function blocksOfFleetPage(): Promise<ReadonlyMap<string, readonly string[]>> {
  const page = await readFile('docs/fleet.md', 'utf8');
  const sections = page.split(/^## /m).slice(1);
  const found = sections.map((section): [string, string[]] => {
    const heading = section.slice(0, section.indexOf('\n'));
    return [heading, [...section.matchAll(/^```\w+\n([\s\S]*?)^```/gm)].map(([, code = '']) => code)];
  });
  return new Map(found.filter(([, blocks]) => blocks.length > 0));
}

/** The code block with this number under a heading, for a test to run. */
export async function fleetBlock(heading: string, number: number): Promise<string> {
  const block = (await blocksOfFleetPage()).get(heading)?.[number];
  if (block === undefined) throw new Error(`docs/fleet.md has no block ${number} under ${heading}`);
  return block;
}
