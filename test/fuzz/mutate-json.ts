import { mutateText } from './mutate-text.ts';
import type { Random } from './random.ts';

/** JSON for values that a reader may not expect; numbers that only JSON can hold are written out. */
const VALUES = [
  ...['null', 'true', 'false', '0', '-1', '1', '1.5', '-0', '1e999', '-1e999', '1e21', '9007199254740993', '1e300'],
  ...['8640000000000001', '8640000000001', '2147483648', '4294967296', '""', '" "', '"\\u0000"', '"\\ud800"', '"%s"'],
  ...['"\\u202e\\u001b[2J"', '"null"', '"0"', '"__proto__"', '"../../../etc/passwd"', '"+275760-09-13T00:00:00.000Z"'],
  ...['"-271821-04-20T00:00:00Z"', '"9999-12-31"', '[]', '[[]]', '[null]', '{}', '{"":null}', '{"__proto__":{"a":1}}'],
  ...[
    '{"length":1}',
    '{"toString":null,"valueOf":null}',
    '[{}]',
    '"sha256:"',
    '"http://[::1"',
    `"${'x'.repeat(5000)}"`,
  ],
];

/** A place in a document: the object or array that holds it, and its key there. */
interface Place {
  readonly holder: Record<string, unknown>;
  readonly key: string;
}

/** Text that stands for itself in the JSON that is written. */
class Raw {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

/**
 * Changes a JSON document in one to four places: other types, deep nesting, huge numbers, null, missing, repeated and
 * renamed keys, values of another place. Now and then the text is changed instead.
 */
export function mutateJson(seed: string, random: Random, other: string): string {
  const document = { root: parsed(seed) };
  if (document.root === undefined || random.isOnceIn(8)) return mutateText(seed, random, other);
  for (let left = 1 + random.size(3); left > 0; left--) {
    const place = random.pick(placesIn(document));
    if (place) change(place.holder, place.key, random, parsed(other));
  }
  const text = write(document.root);
  return random.isOnceIn(12) ? mutateText(text, random, other) : text;
}

function change(holder: Record<string, unknown>, key: string, random: Random, other: unknown): void {
  const value = holder[key];
  switch (random.below(8)) {
    case 0:
      if (Array.isArray(holder)) holder.splice(Number(key), 1);
      else delete holder[key];
      return;
    case 1:
      holder[key] = nested(value, random);
      return;
    case 2:
      if (typeof value === 'string') holder[key] = mutateText(value, random, JSON.stringify(other) ?? '');
      else holder[key] = new Raw(JSON.stringify(String(value)));
      return;
    case 3:
      // The same key again: the last one counts, for JSON.parse.
      holder[key] = new Raw(`${write(value)},${JSON.stringify(key)}:${random.pick(VALUES)}`);
      if (Array.isArray(holder)) holder[key] = value;
      return;
    case 4:
      holder[key] = random.pick(placesIn({ root: other }))?.holder;
      return;
    case 5:
      if (!Array.isArray(holder)) holder[mutateText(key, random, '')] = value;
      return;
    default:
      holder[key] = new Raw(random.pick(VALUES));
  }
}

/** Puts a value into arrays or objects, sometimes deeper than a recursive reader can go. */
function nested(value: unknown, random: Random): Raw {
  const depth = random.pick([1, 2, 50, 2000, 20_000]);
  const [open, close] = random.pick([
    ['[', ']'],
    ['{"child_modules":[', ']}'],
    ['{"a":', '}'],
  ] as const);
  return new Raw(`${open.repeat(depth)}${write(value)}${close.repeat(depth)}`);
}

function placesIn(document: { root: unknown }): readonly Place[] {
  const places: Place[] = [];
  const pending: unknown[] = [document];
  while (pending.length > 0) {
    const holder = pending.pop() as Record<string, unknown>;
    for (const [key, value] of Object.entries(holder)) {
      places.push({ holder, key });
      if (typeof value === 'object' && value !== null && !(value instanceof Raw)) pending.push(value);
    }
  }
  return places;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function write(value: unknown): string {
  if (value instanceof Raw) return value.text;
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  if (typeof value !== 'object' || value === null) return JSON.stringify(value ?? null);
  return `{${Object.entries(value)
    .map(([key, each]) => `${JSON.stringify(key)}:${write(each)}`)
    .join(',')}}`;
}
