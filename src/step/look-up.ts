import { UserError } from '../core/errors.ts';
import { findNearest } from '../core/nearest.ts';
import { listed } from '../core/text.ts';
import { plainName } from './given.ts';
import type { Input, Listing } from './input.ts';

/** Milliseconds after which a person would rather type than wait for a service. */
const DEADLINE_MS = 5_000;
/** Milliseconds for which a service is not asked the same again, whether or not it answered. */
const LIFETIME_MS = 60_000;

type LookUp = NonNullable<Input['lookUp']>;

/** What a service has to offer, or why it is not known. */
export type Found =
  | { readonly listing: Listing; readonly problem?: never }
  | { readonly listing?: never; readonly problem: string };

/** An answer of a service, and the values that it depends on. */
interface Remembered {
  readonly at: number;
  readonly read: ReadonlyMap<string, unknown>;
  readonly found: Promise<Found>;
}

const remembered = new WeakMap<LookUp, Remembered[]>();

/**
 * Asks a service what there is to choose from, within a deadline. What it says is remembered for a minute, as long as the
 * values that the look-up reads are the same.
 */
export async function lookUpFor(lookUp: LookUp, values: never): Promise<Found> {
  const now = Date.now();
  const known = (remembered.get(lookUp) ?? []).filter(({ at }) => now - at < LIFETIME_MS);
  const same = known.find(({ read }) => [...read].every(([name, value]) => isSame(values[name], value)));
  if (same) return same.found;
  const read = new Map<string, unknown>();
  const noted = new Proxy({}, { get: (_, name: string) => noteRead(read, name, values[name]) }) as never;
  const found = find(lookUp, noted);
  remembered.set(lookUp, [...known, { at: now, read, found }]);
  return found;
}

function noteRead(read: Map<string, unknown>, name: string, value: unknown): unknown {
  read.set(name, value);
  return value;
}

/** Compares two answers; lists are parsed again for each round of questions. */
function isSame(one: unknown, other: unknown): boolean {
  return one === other || (Array.isArray(one) && JSON.stringify(one) === JSON.stringify(other));
}

async function find(lookUp: LookUp, values: never): Promise<Found> {
  try {
    const found = await inTime(lookUp, values);
    return { listing: 'choices' in found ? found : { choices: found } };
  } catch (error) {
    if (error instanceof UserError) return { problem: error.message };
    throw error;
  }
}

/** Looks up within the deadline, whether or not the source minds its signal. @throws UserError */
async function inTime(lookUp: LookUp, values: never): Promise<Awaited<ReturnType<LookUp>>> {
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const late = new Promise<never>((_, reject) => {
    const message = `The list of choices did not arrive within ${DEADLINE_MS / 1000} seconds`;
    signal.addEventListener('abort', () => reject(new UserError('SPACECTL_UNREACHABLE', message)));
  });
  const found = lookUp(values, signal);
  // A look-up that misses the deadline may still fail later: ignore that.
  found.catch(() => {});
  late.catch(() => {});
  return Promise.race([found, late]);
}

/** Says which answers a service does not list. They are accepted: what it lists depends on rights. */
export function warningAbout(name: string, texts: readonly string[], listing: Listing): string | undefined {
  const { choices, owner = 'your account' } = listing;
  if (choices.length === 0) return undefined;
  const values = choices.map(({ value }) => value);
  const isListed = listing.lists ?? ((text: string) => values.includes(text));
  const unknown = texts.filter((text) => !isListed(text));
  if (unknown.length === 0) {
    const problem = listing.warn?.(texts);
    return problem && `${plainName(name)}: ${problem}`;
  }
  const [nearest] = unknown.flatMap((text) => findNearest(text, values) ?? []);
  const meant = nearest === undefined ? '' : `; did you mean ${nearest}?`;
  return `${plainName(name)}: ${owner} does not list ${listed(unknown)}${meant}`;
}
