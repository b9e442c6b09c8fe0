import { nearest } from '../../core/nearest.ts';
import { Expression, type Value } from '../hcl/hcl.ts';

/** The type of a module's input, as far as it can be checked before Terraform sees it. */
export type Type = 'any' | 'string' | 'number' | 'bool' | ListType | MapType | ObjectType;
interface ListType {
  readonly list: Type;
}
interface MapType {
  readonly map: Type;
}
interface ObjectType {
  readonly object: Readonly<Record<string, Type>>;
}

/**
 * What keeps a value from being of a type, in words that follow the input's name; nothing where it is of that type.
 * An expression is Terraform's to check, and null stands for "not given" everywhere.
 */
export function problemWith(value: Value | undefined, type: Type): string | undefined {
  if (value === undefined || value === null || value instanceof Expression || type === 'any') return undefined;
  if (type === 'bool') return typeof value === 'boolean' ? undefined : `takes true or false, not ${show(value)}`;
  if (typeof type === 'string') return typeof value === type ? undefined : `takes a ${type}, not ${show(value)}`;
  if ('list' in type) {
    if (!Array.isArray(value)) return `takes a list, not ${show(value)}`;
    return firstProblem(value.map((each, index) => [String(index), each, type.list]));
  }
  if (typeof value !== 'object' || Array.isArray(value))
    return `takes a mapping of names to values, not ${show(value)}`;
  const entries = Object.entries(value as Record<string, Value>);
  if ('map' in type) return firstProblem(entries.map(([key, each]) => [key, each, type.map]));
  const known = Object.keys(type.object);
  const unknown = entries.find(([key]) => !known.includes(key))?.[0];
  if (unknown !== undefined) return `has no ${unknown}${meant(unknown, known)}`;
  return firstProblem(entries.map(([key, each]) => [key, each, type.object[key] ?? 'any']));
}

/** "; did you mean NAME?", where one name is close enough. */
export function meant(typed: string, names: readonly string[]): string {
  const close = nearest(typed, names);
  return close ? `; did you mean ${close}?` : '';
}

function firstProblem(parts: readonly (readonly [place: string, value: Value, type: Type])[]): string | undefined {
  for (const [place, value, type] of parts) {
    const problem = problemWith(value, type);
    if (problem) return `at ${place} ${problem}`;
  }
  return undefined;
}

function show(value: Value): string {
  return JSON.stringify(value);
}
