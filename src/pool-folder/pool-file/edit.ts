import { isDeepStrictEqual } from 'node:util';
import { isMap, isNode, isScalar, isSeq, type Node, type Pair, type YAMLMap, type YAMLSeq } from 'yaml';
import { type PoolDocument, parsePoolFile } from './document.ts';
import { formatFlow, formatValue, linesOf, type PoolValue, scalarOf } from './format-value.ts';

/** One value and its place: a key in a section. */
export interface Edit {
  readonly section: string;
  readonly key: string;
  readonly value: PoolValue;
}

/**
 * Sets one value in the text, and touches nothing else. The library's own `toString` would indent, align and wrap the whole
 * file its way, and drop what is commented out in an empty section: here it says where, and the text is spliced.
 * @returns `undefined` where that cannot be done without changing something else
 */
export function editPoolFile({ text, document }: PoolDocument, edit: Edit): PoolDocument | undefined {
  const { section, key, value } = edit;
  if (isDeepStrictEqual(texts(valueIn({ text, document }, section, key)), texts(value))) return { text, document };
  const holder = document.get(section, true);
  const edited =
    texts(value).length === 0 ? remove(text, document.contents, edit) : set(text, document.contents, holder, edit);
  return edited === undefined ? undefined : verify({ text, document }, edited, edit);
}

function set(text: string, root: unknown, holder: unknown, { section, key, value = [] }: Edit): string | undefined {
  if (isMap(holder)) return setIn(text, holder, key, value);
  if (isMap(root) && root.has(section)) {
    const name = root.items.map((pair) => pair.key).find((each) => isScalar(each) && each.value === section);
    if (!isNull(holder) || !isNode(name) || root.flow) return undefined;
    return afterLine(text, name.range?.[1] ?? 0, linesOf(key, value, '  '));
  }
  if (isMap(root) && root.flow) return intoFlow(text, root, section, `{"${key}": ${formatFlow(value)}}`);
  const lines = text.split('\n');
  const endsBlank = lines.at(-1) === '' && lines.at(-2)?.trim() === '';
  const gap = endsBlank || lines.every((line) => /^\s*(?:#|$)/.test(line)) ? [] : [''];
  return afterLine(text, text.length, [...gap, `${section}:`, ...linesOf(key, value, '  ')]);
}

function setIn(text: string, holder: YAMLMap, key: string, value: Exclude<PoolValue, undefined>): string | undefined {
  if (!holder.has(key)) {
    if (holder.flow) return intoFlow(text, holder, key, formatFlow(value));
    const [start = 0] = holder.range ?? [];
    const indent = ' '.repeat(start - lineStart(text, start));
    const last = holder.items.at(-1);
    return last && afterLine(text, endOf(last), linesOf(key, value, indent));
  }
  const old = holder.get(key, true);
  if (isSeq(old) && !old.flow) return replaceItems(text, old, [value].flat().map(String));
  if (!isNode(old) || isMap(old)) return undefined;
  const [start = 0, end = 0] = old.range ?? [];
  const ending = text.slice(start, end).endsWith('\n') ? '\n' : '';
  const written = isSeq(old) || holder.flow ? formatFlow(value) : formatValue(value);
  return `${text.slice(0, start)}${start === end ? ' ' : ''}${written}${ending}${text.slice(end)}`;
}

/** Takes out the lines of items that are gone, and adds new ones at the end, so that the others keep their comments. */
function replaceItems(text: string, list: YAMLSeq, wanted: readonly string[]): string | undefined {
  const items = list.items.filter((each) => isScalar(each));
  if (items.length !== list.items.length || items.length === 0) return undefined;
  const rest = [...wanted];
  const kept = items.map((item) => {
    const isKept = rest[0] === item.value;
    if (isKept) rest.shift();
    return isKept;
  });
  const [first] = items;
  const [start = 0] = first?.range ?? [];
  const lead = text.slice(lineStart(text, start), start);
  // The indentation and the dash of the first item, which may share its line with the key only in flow lists.
  if (!/^ *- +$/.test(lead)) return undefined;
  let edited = text;
  const last = items.at(-1);
  const [, end = 0] = last?.range ?? [];
  edited =
    rest.length === 0
      ? edited
      : afterLine(
          edited,
          end,
          rest.map((each) => `${lead}${scalarOf(each)}`),
        );
  for (const [index, item] of [...items.entries()].reverse()) {
    const [from = 0, to = 0] = item.range ?? [];
    if (!kept[index]) edited = edited.slice(0, lineStart(edited, from)) + edited.slice(nextLine(edited, to));
  }
  return edited;
}

/** Takes a key out, with the lines that it and its value are on, and with its section if nothing else is in that. */
function remove(text: string, root: unknown, { section, key }: Edit): string | undefined {
  const holder = isMap(root) ? root.get(section, true) : undefined;
  if (!isMap(holder) || holder.flow) return undefined;
  const pair = pairOf(holder, key);
  if (!pair || !isScalar(pair.key)) return undefined;
  const [from = 0] = pair.key.range ?? [];
  const start = lineStart(text, from);
  const rest = text.slice(nextLine(text, endOf(pair)));
  const name = pairOf(root, section)?.key;
  const before = text.slice(0, isScalar(name) ? lineStart(text, name.range?.[0] ?? 0) : start);
  // A comment that is indented belongs to the section.
  const isAlone = holder.items.length === 1 && text.slice(before.length, start).trim() === `${section}:`;
  if (!isAlone || /^(?:[ \t]*\r?\n)*[ \t]+#/.test(rest)) return text.slice(0, start) + rest;
  // Of two blank lines that were around it, one stays.
  return /(?:^|\n)[ \t]*\r?\n$/.test(before) ? before + rest.replace(/^[ \t]*\r?\n/, '') : before + rest;
}

function pairOf(map: unknown, key: string): Pair | undefined {
  return isMap(map) ? map.items.find((each) => isScalar(each.key) && each.key.value === key) : undefined;
}

function endOf({ key, value }: Pair): number {
  const node = isNode(value) && value.range?.[1] ? lastLeaf(value) : key;
  return (isNode(node) && node.range?.[1]) || 0;
}

/** Returns the node that ends last: the range of a block collection may reach to the next key. */
function lastLeaf(node: Node): Node {
  if (isSeq(node) && !node.flow && isNode(node.items.at(-1))) return lastLeaf(node.items.at(-1) as Node);
  return node;
}

function lineStart(text: string, position: number): number {
  return text.lastIndexOf('\n', position - 1) + 1;
}

/** Returns where the line after the one that a position is in, or just behind, begins. */
function nextLine(text: string, position: number): number {
  if (position > 0 && text[position - 1] === '\n') return position;
  return text.indexOf('\n', position) + 1 || text.length;
}

/** Adds a key at the end of a flow mapping. */
function intoFlow(text: string, map: YAMLMap, key: string, value: string): string {
  const [, end = 0] = map.range ?? [];
  const before = text.slice(0, end - 1).trimEnd();
  const comma = map.items.length > 0 && !before.endsWith(',') ? ', ' : '';
  return `${before}${comma}"${key}": ${value}${text.slice(end - 1)}`;
}

function afterLine(text: string, position: number, lines: readonly string[]): string {
  const eol = text.includes('\r\n') ? '\r\n' : '\n';
  const next = position === 0 ? 0 : nextLine(text, position);
  const before = text.slice(0, next);
  return `${before}${/[^\n]$/.test(before) ? eol : ''}${lines.join(eol)}${eol}${text.slice(next)}`;
}

function isNull(node: unknown): boolean {
  return node === null || (isScalar(node) && node.value === null);
}

/** Reads the edited text again: it has the value, and everything else is as before. */
function verify(before: PoolDocument, edited: string, { section, key, value }: Edit): PoolDocument | undefined {
  try {
    const after = parsePoolFile(Buffer.from(edited), '');
    const isSet = isDeepStrictEqual(texts(valueIn(after, section, key)), texts(value));
    return isSet && isDeepStrictEqual(others(before, section, key), others(after, section, key)) ? after : undefined;
  } catch {
    return undefined;
  }
}

function contentOf({ document }: PoolDocument): Record<string, unknown> {
  return { ...document.toJS() };
}

function valueIn(document: PoolDocument, section: string, key: string): unknown {
  const content = contentOf(document)[section];
  return isRecord(content) ? content[key] : undefined;
}

/** Everything but one value. */
function others(document: PoolDocument, section: string, key: string): unknown {
  const content = contentOf(document);
  const { [key]: _, ...rest } = isRecord(content[section]) ? content[section] : {};
  return { ...content, [section]: rest };
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The texts of a value, as they are read again: no value is none. */
function texts(value: unknown): readonly string[] {
  return value === undefined || value === null ? [] : [value].flat().map(String);
}
