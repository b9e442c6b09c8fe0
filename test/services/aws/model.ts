import { readFileSync } from 'node:fs';
import path from 'node:path';

/** A shape: a structure by the names of its members, a list of one, an enumeration with `|`, or the name of a type. */
type Shape = string | readonly Shape[] | { readonly [name: string]: Shape };

interface Operation {
  readonly version: string;
  readonly request: Shape;
  readonly answer: Shape;
}

/** What AWS's own service models say of the actions that the stand-in answers: see `extract-model.py`. */
const MODEL: Readonly<Record<string, Operation>> = JSON.parse(
  readFileSync(path.join(import.meta.dirname, 'model.json'), 'utf8'),
);

/** Finds what is wrong with a request by AWS's model: an unknown action or parameter, or a value of another type. */
export function problemInRequest(query: URLSearchParams): string | undefined {
  const operation = MODEL[query.get('Action') ?? ''];
  if (!operation || operation.version !== query.get('Version')) return `no action ${query.get('Action')}`;
  const isEc2 = operation.version === '2016-11-15';
  for (const [key, value] of query) {
    if (key === 'Action' || key === 'Version') continue;
    const problem = problemInParameter(key.split('.'), value, operation.request, isEc2);
    if (problem) return `${key}: ${problem}`;
  }
  return undefined;
}

/** Follows the parts of a parameter's name, such as `Filter.1.Value.2`, or `Filters.member.1.Name` outside EC2. */
function problemInParameter(parts: readonly string[], value: string, shape: Shape, isEc2: boolean): string | undefined {
  if (typeof shape === 'string')
    return parts.length > 0 ? `${shape} has no ${parts.join('.')}` : problemInText(value, shape);
  if (isList(shape)) {
    const [index = '', ...rest] = isEc2 ? parts : parts[0] === 'member' ? parts.slice(1) : [];
    return /^[1-9]\d*$/.test(index) ? problemInParameter(rest, value, shape[0] ?? '', isEc2) : 'is no item of a list';
  }
  const [name = '', ...rest] = parts;
  const inner = shape[name];
  return inner === undefined ? 'is not in the model' : problemInParameter(rest, value, inner, isEc2);
}

function problemInText(value: string, type: string): string | undefined {
  const values = { boolean: ['true', 'false'] }[type] ?? (type.includes('|') ? type.split('|') : undefined);
  if (values && !values.includes(value)) return `${value} is none of ${values.join(', ')}`;
  return type === 'integer' && !/^-?\d+$/.test(value) ? `${value} is no number` : undefined;
}

/** Finds what is wrong with the content of an answer by AWS's model. @param xml elements without attributes */
export function problemInAnswer(action: string, xml: string): string | undefined {
  return problemInElements(xml, MODEL[action]?.answer ?? 'string', action);
}

function problemInElements(xml: string, shape: Shape, where: string): string | undefined {
  const children = childrenOf(xml);
  if (typeof shape === 'string')
    return children.length > 0 ? `${where}: elements in a ${shape}` : problemInText(xml, shape);
  // Items of lists are called `item` in EC2, and `member` elsewhere.
  const inner = (name: string) =>
    isList(shape) ? (/^(?:item|member)$/.test(name) ? shape[0] : undefined) : shape[name];
  for (const { name, content } of children) {
    const found = inner(name);
    if (found === undefined) return `${where}: no element ${name}`;
    const problem = problemInElements(content, found, `${where}/${name}`);
    if (problem) return problem;
  }
  return undefined;
}

function isList(shape: Shape): shape is readonly Shape[] {
  return Array.isArray(shape);
}

/** Splits XML into the elements at its top. */
function childrenOf(xml: string): readonly { readonly name: string; readonly content: string }[] {
  const children: { name: string; content: string }[] = [];
  let [depth, start] = [0, 0];
  for (const { 0: tag, 1: slash, 2: name = '', index } of xml.matchAll(/<(\/?)([\w-]+)>/g)) {
    if (!slash && depth++ === 0) start = index + tag.length;
    if (slash && --depth === 0) children.push({ name, content: xml.slice(start, index) });
  }
  return children;
}
