/** An answer of a service with the Query protocol. */
export interface Answer {
  readonly status: number;
  readonly body: string;
}

/** An error that a service answers with. */
export class Refusal extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string = code, status = 400) {
    super(message);
    this.code = code;
    this.status = status;
  }
}

const TEXT: Readonly<Record<string, string>> = { '<': '&lt;', '>': '&gt;', '&': '&amp;' };

/** Writes an element. `undefined` is left out. */
export function element(name: string, content: string | number | undefined): string {
  if (content === undefined) return '';
  return `<${name}>${String(content).replace(/[<>&]/g, (each) => TEXT[each] ?? each)}</${name}>`;
}

/** Writes an element of elements. */
export function elements(name: string, ...content: readonly string[]): string {
  return `<${name}>${content.join('')}</${name}>`;
}

/** Reads a list of a request: `Name.1`, `Name.2`, or in the Query protocol `Name.member.1`. */
export function listIn(query: URLSearchParams, name: string): readonly string[] {
  const pattern = new RegExp(`^${name}\\.(?:member\\.)?\\d+$`);
  return [...query].filter(([key]) => pattern.test(key)).map(([, value]) => value);
}

/** Cuts a page out of items. The token is where the next one begins. */
export function pageOf<Item>(
  items: readonly Item[],
  query: URLSearchParams,
  size: number | undefined,
): { readonly page: readonly Item[]; readonly next: string | undefined } {
  if (size === undefined) return { page: items, next: undefined };
  const from = Number(query.get('NextToken') ?? 0);
  return { page: items.slice(from, from + size), next: from + size < items.length ? String(from + size) : undefined };
}

/** Whether something has the values that the request filters by. A filter by anything else is an error of the test's. */
export function matches(query: URLSearchParams, values: Readonly<Record<string, string>>): boolean {
  for (let index = 1; query.has(`Filter.${index}.Name`); index++) {
    const filter = query.get(`Filter.${index}.Name`) ?? '';
    const value = values[filter];
    if (value === undefined) throw new Refusal('InvalidParameterValue', `The filter '${filter}' is invalid`);
    const patterns = listIn(query, `Filter.${index}.Value`);
    if (patterns.length > 200) throw new Refusal('FilterLimitExceeded', 'The maximum number of filter values is 200');
    if (!patterns.some((each) => new RegExp(`^${each.replaceAll('*', '.*')}$`).test(value))) return false;
  }
  return true;
}
