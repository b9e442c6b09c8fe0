import { findNearest } from '../../core/nearest.ts';
import { Expression, type Value } from '../format/hcl/hcl.ts';
import type { Type } from './releases/index.ts';

/**
 * Says why a value is not of a type, in words that follow the input's name. Returns `undefined` if it is of that type.
 * Terraform checks expressions itself, and null means "not given" for every type.
 */
export function problemWith(value: Value | undefined, type: Type): string | undefined {
  if (value === undefined || value === null || value instanceof Expression || type === 'any') return undefined;
  if (type === 'bool') return typeof value === 'boolean' ? undefined : `takes true or false, not ${show(value)}`;
  if (type === 'number' && !Number.isFinite(value)) return `takes a number, not ${show(value)}`;
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
  // Terraform silently drops an attribute that the type does not name.
  const unknown = entries.find(([key]) => !known.includes(key))?.[0];
  if (unknown !== undefined) return `has no ${unknown}${didYouMean(unknown, known)}`;
  const missing = type.required.filter((name) => (value as Record<string, Value>)[name] === undefined);
  if (missing.length > 0) return `needs ${missing.join(', ')}`;
  return firstProblem(entries.map(([key, each]) => [key, each, type.object[key] ?? 'any']));
}

/** Returns "; did you mean NAME?" if a name is close enough. */
export function didYouMean(typed: string, names: readonly string[]): string {
  const close = findNearest(typed, names);
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
