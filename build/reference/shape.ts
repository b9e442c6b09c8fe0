/**
 * The shape of a JSON value. Text: the words for what it may be, `text | null`; words in double quotes and `true` are meant
 * literally. An array with one shape: any number of such values; with `null` and a shape: either. An object: its fields, of
 * which those that end in `?` may be absent; the field `*` stands for any others.
 */
export type Shape = string | readonly [Shape] | readonly ['null', Shape] | { readonly [field: string]: Shape };

const WORDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  text: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number',
  boolean: (value) => typeof value === 'boolean',
  null: (value) => value === null,
  time: (value) => typeof value === 'string' && /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value),
  any: () => true,
  sha256: (value) => typeof value === 'string' && /^[0-9a-f]{64}$/.test(value),
};

/** Lists where a value is not of a shape, as paths with what was expected. */
export function mismatches(shape: Shape, value: unknown, at = ''): readonly string[] {
  if (typeof shape === 'string') {
    const isOne = shape.split(' | ').some((word) => WORDS[word]?.(value) ?? word === JSON.stringify(value));
    return isOne ? [] : [`${at}: ${JSON.stringify(value)} is not ${shape}`];
  }
  if (isNullable(shape)) return value === null ? [] : mismatches(shape[1], value, at);
  if (isList(shape)) {
    if (!Array.isArray(value)) return [`${at}: not a list`];
    return value.flatMap((item, index) => mismatches(shape[0], item, `${at}[${index}]`));
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [`${at}: not an object`];
  const fields = new Map(Object.entries(shape).map(([name, inner]) => [name.replace(/\?$/, ''), inner]));
  const missing = Object.keys(shape).filter((name) => !name.endsWith('?') && name !== '*' && !(name in value));
  const wrong = Object.entries(value).flatMap(([name, inner]) => {
    const known = fields.get(name) ?? fields.get('*');
    return known === undefined ? [`${at}.${name}: not documented`] : mismatches(known, inner, `${at}.${name}`);
  });
  return [...missing.map((name) => `${at}.${name}: missing`), ...wrong];
}

function isNullable(shape: Shape): shape is readonly ['null', Shape] {
  return Array.isArray(shape) && shape.length === 2;
}

function isList(shape: Shape): shape is readonly [Shape] {
  return Array.isArray(shape);
}

/** Formats a shape as people read JSON: fields by their names, and words for the values. */
export function formatShape(shape: Shape, indent = ''): string {
  if (typeof shape === 'string') return shape;
  if (isNullable(shape)) return `null | ${formatShape(shape[1], indent)}`;
  if (isList(shape)) return `[${formatShape(shape[0], indent)}, …]`;
  const inner = `${indent}  `;
  const lines = Object.entries(shape).map(([name, each]) => `${inner}${name}: ${formatShape(each, inner)}`);
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${indent}}`;
}
