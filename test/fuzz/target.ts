import { UserError } from '../../src/core/errors.ts';
import { BadJson } from '../../src/core/json.ts';
import { mutateBytes } from './mutate-bytes.ts';
import { mutateJson } from './mutate-json.ts';
import { mutateText } from './mutate-text.ts';
import { Random } from './random.ts';

/** A parser of something that comes from outside, and valid inputs to start from. */
export interface Target {
  /** What the inputs are; decides how they are changed. */
  readonly kind: 'bytes' | 'text' | 'json';
  readonly seeds: readonly (string | Uint8Array)[];
  /** Parses one input, and does with the result what the program does first. */
  parse(input: Buffer): unknown;
  /** Whether the seeds are refusals, and so each of them is an error. */
  readonly isRefused?: true;
  /** Whether it documents that it throws `BadJson`. */
  readonly throwsBadJson?: true;
  /** How many inputs are enough if each takes long: one in so many. */
  readonly slowness?: number;
}

/** Makes the input of a number, the same each time. The first ones are the seeds themselves. */
export function inputOf({ kind, seeds }: Target, name: string, seed: string, index: number): Buffer {
  const given = seeds[index];
  if (given !== undefined) return Buffer.from(given as string);
  const random = new Random(`${seed} ${name} ${index}`);
  const [one, other] = [Buffer.from(random.pick(seeds) as string), Buffer.from(random.pick(seeds) as string)];
  if (kind === 'bytes') return mutateBytes(one, random, other);
  const mutate = kind === 'json' ? mutateJson : mutateText;
  return Buffer.from(mutate(one.toString('utf8'), random, other.toString('utf8')));
}

/** Says what is wrong with an error; `undefined` if it is one that users can act upon. */
export function faultOf(error: unknown, { throwsBadJson }: Target): string | undefined {
  if (error instanceof BadJson && throwsBadJson) return undefined;
  if (!(error instanceof UserError)) return `not an error for users: ${stackOf(error)}`;
  if (error.message === '') return 'an error without a message';
  // What a reader catches may be a mistake of its own. Errors of Node about its arguments have a code.
  for (let cause = error.cause; cause instanceof Error; cause = cause.cause) {
    const isMistake = /^(?:TypeError|RangeError|ReferenceError)$/.test(cause.name) && !('code' in cause);
    // Libraries throw them for bad data too.
    const isOwn = isMistake && !/^\s+at [^\n]*\/node_modules\//m.test(cause.stack?.split('\n')[1] ?? '');
    if (isOwn) return `an error for users that hides a mistake: ${stackOf(cause)}`;
  }
  return undefined;
}

function stackOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message).split('\n').slice(0, 8).join('\n') : String(error);
}
