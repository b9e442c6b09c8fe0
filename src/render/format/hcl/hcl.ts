/** What an attribute may hold: plain data, which is quoted, or an expression, which is not. */
export type Value =
  | string
  | number
  | boolean
  | null
  | Expression
  | readonly Value[]
  | { readonly [key: string]: Value | undefined };

/** What stands in a file or a block: a comment, an empty line (`BLANK`), a block, or attributes in order. */
export type Item = string | null | Block | { readonly [name: string]: Value | undefined };

export const BLANK = null;

/** HCL that is meant as HCL: a reference, a call. What is put into it is data, and quoted when it is written. */
export class Expression {
  readonly parts: readonly string[];
  readonly values: readonly Value[];
  constructor(parts: readonly string[], values: readonly Value[]) {
    this.parts = parts;
    this.values = values;
  }
}

export class Block {
  readonly type: string;
  readonly labels: readonly string[];
  readonly body: readonly Item[];
  constructor(type: string, labels: readonly string[], body: readonly Item[]) {
    this.type = type;
    this.labels = labels;
    this.body = body;
  }
}

/** An expression from a template: its own text is HCL, and everything put into it is data, and quoted as such. */
export function expression(parts: TemplateStringsArray, ...values: readonly Value[]): Expression {
  return new Expression(parts, values);
}

/** HCL from parts that are ours: the name of a resource, of a variable. Never for what a user gave. */
export function reference(text: string): Expression {
  return new Expression([text], []);
}

export function block(type: string, labels: readonly string[], ...body: readonly Item[]): Block {
  return new Block(type, labels, body);
}

/** A file as `terraform fmt` would have it: two spaces a level, the equals signs of neighbouring lines in one column. */
export function formatHcl(items: readonly Item[]): string {
  return `${formatItems(items, 0).join('\n')}\n`;
}

/**
 * Data or an expression, on one line where it is scalar.
 * @throws Error (a bug: inputs refuse it) for what HCL cannot hold, such as half a surrogate pair
 */
export function formatValue(value: Value, level: number): string {
  if (value instanceof Expression) return formatExpression(value, level);
  if (typeof value === 'string') return quoteForHcl(value);
  if (Array.isArray(value)) return formatList(value, level);
  if (typeof value === 'object' && value !== null) return formatObject(value as Record<string, Value>, level);
  if (typeof value === 'number' && !Number.isFinite(value)) throw new Error(`HCL has no number ${value}`);
  return String(value);
}

function formatExpression({ parts, values }: Expression, level: number): string {
  return parts.reduce((text, part, index) => text + formatValue(values[index - 1] ?? null, level) + part);
}

/**
 * A quoted template that stands for exactly this text (HCL native syntax specification, "Template Expressions"): a
 * backslash before quotes and backslashes, no raw control or formatting character, and no `${` or `%{` that starts
 * something.
 */
export function quoteForHcl(text: string): string {
  if (/\p{Cs}/u.test(text)) throw new Error('HCL strings are Unicode: half a surrogate pair has no place in one');
  const escaped = text
    .replace(/[\\"]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escapeCodePoint)
    // Where more of the same sign stand before it, doubling would be read otherwise: then by number.
    .replace(/([$%])\1+(?=\{)/g, (signs) => [...signs].map(escapeCodePoint).join(''))
    .replace(/([$%])\{/g, '$1$1{');
  return `"${escaped}"`;
}

function escapeCodePoint(character: string): string {
  const code = (character.codePointAt(0) ?? 0).toString(16).toUpperCase();
  return code.length > 4 ? `\\U${code.padStart(8, '0')}` : `\\u${code.padStart(4, '0')}`;
}

const INDENT = '  ';

function formatItems(items: readonly Item[], level: number): string[] {
  const indent = INDENT.repeat(level);
  return items.flatMap((item) => {
    if (item === BLANK) return [''];
    if (typeof item === 'string') return item.split('\n').map((line) => `${indent}# ${line}`.trimEnd());
    if (item instanceof Block) return formatBlock(item, level);
    return formatAttributes(item, level, (name) => name);
  });
}

function formatBlock({ type, labels, body }: Block, level: number): string[] {
  const head = [type, ...labels.map(quoteForHcl)].join(' ');
  const indent = INDENT.repeat(level);
  return body.length === 0
    ? [`${indent}${head} {}`]
    : [`${indent}${head} {`, ...formatItems(body, level + 1), `${indent}}`];
}

/** `name = value` lines. Those of one line that follow each other have their equals signs in one column. */
function formatAttributes(
  attributes: Readonly<Record<string, Value | undefined>>,
  level: number,
  formatName: (name: string) => string,
): string[] {
  const entries = Object.entries(attributes).flatMap(([name, value]) =>
    value === undefined ? [] : [{ name: formatName(name), text: formatValue(value, level) }],
  );
  const widths = entries.map(({ name, text }) => (text.includes('\n') ? 0 : widthOf(name)));
  return entries.map(({ name, text }, index) => {
    const column = text.includes('\n') ? 0 : widestAround(widths, index);
    return `${INDENT.repeat(level)}${name}${' '.repeat(Math.max(0, column - widthOf(name)))} = ${text}`;
  });
}

/** The widest of the neighbouring lines; a line of width 0, one that goes on, parts neighbours. */
function widestAround(widths: readonly number[], index: number): number {
  let [first, last] = [index, index];
  while ((widths[first - 1] ?? 0) > 0) first--;
  while ((widths[last + 1] ?? 0) > 0) last++;
  return Math.max(...widths.slice(first, last + 1));
}

const graphemes = new Intl.Segmenter();

/** Columns as `terraform fmt` counts them: characters as people see them, those within quotes apart from the quotes. */
function widthOf(name: string): number {
  return name.startsWith('"') ? 2 + [...graphemes.segment(name.slice(1, -1))].length : name.length;
}

const MAX_LINE = 100;

function formatList(values: readonly Value[], level: number): string {
  const oneLine = `[${values.map((each) => formatValue(each, level)).join(', ')}]`;
  if (!oneLine.includes('\n') && oneLine.length <= MAX_LINE) return oneLine;
  const inner = INDENT.repeat(level + 1);
  const lines = values.map((each) => `${inner}${formatValue(each, level + 1)},`);
  return `[\n${lines.join('\n')}\n${INDENT.repeat(level)}]`;
}

function formatObject(object: Readonly<Record<string, Value>>, level: number): string {
  const lines = formatAttributes(object, level + 1, formatKey);
  return lines.length === 0 ? '{}' : `{\n${lines.join('\n')}\n${INDENT.repeat(level)}}`;
}

/** A key that is a plain word stands as it is, but for words that mean something else there. */
function formatKey(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) && !/^(?:for|null|true|false)$/.test(key) ? key : quoteForHcl(key);
}
