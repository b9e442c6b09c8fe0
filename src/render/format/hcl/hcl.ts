/** The value of an attribute: plain data, which is quoted, or an expression, which is not. */
export type Value =
  | string
  | number
  | boolean
  | null
  | Expression
  | readonly Value[]
  | { readonly [key: string]: Value | undefined };

/** An item of a file or a block: a comment, an empty line (`BLANK`), a block, or attributes in order. */
export type Item = string | null | Block | { readonly [name: string]: Value | undefined };

/** An empty line. */
export const BLANK = null;

/** An HCL expression: a reference, a call. Values put into it are data, and are quoted when it is written. */
export class Expression {
  readonly parts: readonly string[];
  readonly values: readonly Value[];
  constructor(parts: readonly string[], values: readonly Value[]) {
    this.parts = parts;
    this.values = values;
  }
}

/** An HCL block. */
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

/** Creates an expression from a template: its own text is HCL, and the values put into it are quoted as data. */
export function expression(parts: TemplateStringsArray, ...values: readonly Value[]): Expression {
  return new Expression(parts, values);
}

/** Creates an expression from a trusted text, such as the name of a resource. Never pass a user's text. */
export function reference(text: string): Expression {
  return new Expression([text], []);
}

/** Creates a block. */
export function block(type: string, labels: readonly string[], ...body: readonly Item[]): Block {
  return new Block(type, labels, body);
}

/** Formats a file as `terraform fmt` does: two spaces a level, and the equals signs of neighbouring lines aligned. */
export function formatHcl(items: readonly Item[]): string {
  return `${formatItems(items, 0).join('\n')}\n`;
}

/**
 * Formats data or an expression. A scalar is on one line.
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
 * Quotes a text, so that HCL reads exactly this text (HCL native syntax specification, "Template Expressions"): a
 * backslash before quotes and backslashes, no raw control or formatting character, and no `${` or `%{` that starts
 * something.
 */
export function quoteForHcl(text: string): string {
  if (/\p{Cs}/u.test(text)) throw new Error('HCL strings are Unicode and cannot hold half a surrogate pair');
  const escaped = text
    .replace(/[\\"]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\r/g, '\\r')
    .replace(/\t/g, '\\t')
    .replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, escapeCodePoint)
    // After more of the same sign, a doubled one would be read differently: those are escaped by code point.
    .replace(/(?<!\$)\${2,}(?=\{)|(?<!%)%{2,}(?=\{)/g, (signs) => [...signs].map(escapeCodePoint).join(''))
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

/** Formats `name = value` lines. The equals signs of neighbouring single-line attributes are aligned. */
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

/** Returns the width of the widest neighbouring line. A line of width 0 spans several lines and separates neighbours. */
function widestAround(widths: readonly number[], index: number): number {
  let [first, last] = [index, index];
  while ((widths[first - 1] ?? 0) > 0) first--;
  while ((widths[last + 1] ?? 0) > 0) last++;
  return Math.max(...widths.slice(first, last + 1));
}

const graphemes = new Intl.Segmenter();

/** Counts columns as `terraform fmt` does: grapheme clusters, with the quotes counted separately. */
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

/** Formats the key of an object. A plain word is not quoted, unless it is a keyword there. */
function formatKey(key: string): string {
  return /^[A-Za-z_][A-Za-z0-9_]*$/.test(key) && !/^(?:for|null|true|false)$/.test(key) ? key : quoteForHcl(key);
}
