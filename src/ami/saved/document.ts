import * as v from 'valibot';
import { dateFrom } from '../../core/date.ts';
import { UserError } from '../../core/errors.ts';
import { readJson } from '../../core/json.ts';
import type { Advice } from '../../core/suggestion.ts';
import { readInput } from '../../files/read.ts';

// Only what is needed is looked at; a value of another type counts as missing.

/** A text that is not empty. */
export const text = v.fallback(v.optional(v.pipe(v.string(), v.nonEmpty())), undefined);
export const number = v.fallback(v.optional(v.number()), undefined);

/** A list; a value of another type counts as an empty one. */
export function listOf<const Item extends v.GenericSchema>(item: Item) {
  return v.fallback(v.array(item), []);
}

/** Reads a JSON file that someone else wrote. @throws UserError `SPACECTL_BAD_DATA` */
export async function readDocument<const Schema extends v.GenericSchema>(
  schema: Schema,
  file: string,
  what: string,
  suggestions: readonly Advice[] = [],
): Promise<v.InferOutput<Schema>> {
  const content = (await readInput(file)).toString('utf8');
  try {
    // Modules are read recursively.
    return readJson(schema, content, { maxDepth: 200 });
  } catch (cause) {
    throw badDocument(file, `is not ${what}: ${(cause as Error).message}`, suggestions, cause);
  }
}

export function dateOf(value: string | undefined): Date | undefined {
  return value === undefined ? undefined : dateFrom(value);
}

export function badDocument(
  file: string,
  problem: string,
  suggestions: readonly Advice[] = [],
  cause?: unknown,
): UserError {
  return new UserError('SPACECTL_BAD_DATA', `${file} ${problem}`, { suggestions, cause });
}
