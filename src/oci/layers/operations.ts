/** What one entry of a layer does to the files of the layers below it. Paths are clean: `etc/ssl`, the root is empty. */
export type Operation =
  | { readonly kind: 'file'; readonly path: string; readonly position: number; readonly size: number }
  | { readonly kind: 'symbolic link' | 'hard link'; readonly path: string; readonly target: string }
  /** `parents`: directories that an entry, itself not worth remembering, needs. */
  | { readonly kind: 'directory' | 'other' | 'parents'; readonly path: string }
  /** `path` is removed, as far as lower layers have it. */
  | { readonly kind: 'whiteout'; readonly path: string }
  /** What lower layers have in the directory `path` is removed. */
  | { readonly kind: 'opaque'; readonly path: string };

/** A letter, the path, and what else there is; each ends with a NUL, which no name can have in it. */
const KINDS = {
  f: 'file',
  s: 'symbolic link',
  h: 'hard link',
  d: 'directory',
  o: 'other',
  p: 'parents',
  w: 'whiteout',
  q: 'opaque',
} as const satisfies Record<string, Operation['kind']>;
const LETTERS = new Map(Object.entries(KINDS).map(([letter, kind]) => [kind as string, letter]));

/** Operations as text, which takes a tenth of the memory that objects do: texts of several are simply joined. */
export function formatOperation(operation: Operation): string {
  const { kind, path } = operation;
  const start = `${LETTERS.get(kind)}${path}\0`;
  if (kind === 'file') return `${start}${operation.position}\0${operation.size}\0`;
  return kind === 'symbolic link' || kind === 'hard link' ? `${start}${operation.target}\0` : start;
}

/** The operations of such a text, in their order; without plain directories, most of them, if those do not count. */
export function* operationsIn(text: string, { directories = true } = {}): Generator<Operation> {
  let at = 0;
  const field = () => {
    const end = text.indexOf('\0', at);
    const value = text.slice(at, end);
    at = end + 1;
    return value;
  };
  while (at < text.length) {
    const kind = KINDS[text[at++] as keyof typeof KINDS];
    if (kind === 'directory' && !directories) {
      at = text.indexOf('\0', at) + 1;
      continue;
    }
    const path = field();
    if (kind === 'file') yield { kind, path, position: Number(field()), size: Number(field()) };
    else if (kind === 'symbolic link' || kind === 'hard link') yield { kind, path, target: field() };
    else yield { kind, path };
  }
}

/** Whether there is anything in such a text that takes away what lower layers have; a link's target may look like it. */
export function mayTakeAway(text: string): boolean {
  return /(?:^|\0)[wq]/.test(text);
}
