/** The most items that EC2 returns at once. */
export const PAGE = 1000;

/** Reads all pages of an answer. */
export async function allPages<Page extends { readonly NextToken?: string | undefined }, Item>(
  ask: (next: { readonly NextToken?: string }) => Promise<Page>,
  itemsOf: (page: Page) => readonly Item[] | undefined,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  let next: string | undefined;
  do {
    const page = await ask(next === undefined ? {} : { NextToken: next });
    all.push(...(itemsOf(page) ?? []));
    next = page.NextToken || undefined;
  } while (next !== undefined);
  return all;
}
