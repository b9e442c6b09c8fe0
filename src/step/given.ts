import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { UserError } from '../core/errors.ts';
import { rememberSecret } from '../core/secrets.ts';
import { readInput } from '../files/read.ts';
import type { Input } from './input.ts';

/** Where an answer came from, strongest first. */
export type Origin = 'flag' | 'environment' | 'answers file' | 'prompt' | 'default';

/** Everything given beforehand, as text: a value that may be repeated has several. */
export interface Given {
  readonly flags: Readonly<Record<string, readonly string[]>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly answersFile: Readonly<Record<string, readonly string[]>>;
}

/** Returns the flag of an input. */
export function flagName(name: string, input: Pick<Input, 'kind'>): string {
  return input.kind === 'secret' ? `${name}-file` : name;
}

/** Returns the key of an input in answers files: its flag's name, unless it has its own key. */
export function keyName(name: string, input: Pick<Input, 'kind' | 'key'>): string {
  return flagName(input.key ?? name, input);
}

/** Returns the environment variables of an input, ours first. A secret has two of ours: for its file, then for its value. */
export function variableNames(
  name: string,
  input: Pick<Input, 'kind' | 'key' | 'otherVariables'>,
): readonly [string, ...string[]] {
  const variable = (key: string) => `SPACECTL_${key.replaceAll('-', '_').toUpperCase()}`;
  const value = input.kind === 'secret' ? [variable(input.key ?? name)] : [];
  return [variable(keyName(name, input)), ...value, ...(input.otherVariables ?? [])];
}

/** Reports whether an input is only a positional argument, which has no variable and no key. */
export function isBare({ positional }: Pick<Input, 'positional'>): boolean {
  return positional === true;
}

/** The answer to one input, as text. */
export interface Answer {
  readonly texts: readonly string[];
  readonly origin: Origin;
  /** The environment variable it came from. */
  readonly variable?: string;
}

/** Reads the value from flags, environment and answers file, in this order. */
export async function givenAnswer(name: string, input: Input, given: Given): Promise<Answer | undefined> {
  const wrap = async (texts: readonly string[], origin: Origin): Promise<Answer> => ({
    texts: input.kind === 'secret' ? [await readSecret(texts[0] ?? '-')] : texts.map((each) => normalise(input, each)),
    origin,
  });
  const flagged = given.flags[flagName(name, input)];
  if (flagged) return wrap(flagged, 'flag');
  if (isBare(input)) return undefined;
  const [first, ...others] = variableNames(name, input);
  const { environment } = given;
  const isSecret = input.kind === 'secret';
  // The first variable of a secret names a file; the others hold the secret itself.
  const holder = isSecret ? others.find((each) => environment[each]?.trim()) : undefined;
  if (holder) {
    return { texts: [rememberSecret(environment[holder]?.trim() ?? '')], origin: 'environment', variable: holder };
  }
  const variable = isSecret ? first : [first, ...others].find((each) => environment[each]);
  const value = variable && environment[variable];
  if (variable && value) {
    const lines = isRepeated(input) ? value.split('\n').filter(Boolean) : [value];
    return { ...(await wrap(lines, 'environment')), variable };
  }
  const filed = given.answersFile[keyName(name, input)];
  return filed && wrap(filed, 'answers file');
}

/** Whether there is an answer beforehand, without reading it: a secret may be on standard input. */
export function isGiven(name: string, input: Input, { flags, environment, answersFile }: Given): boolean {
  if (flags[flagName(name, input)] !== undefined) return true;
  if (isBare(input)) return false;
  if (answersFile[keyName(name, input)] !== undefined) return true;
  return variableNames(name, input).some((variable) => Boolean(environment[variable]));
}

/** Whether an input takes any number of values. */
export function isRepeated(input: Input): boolean {
  return input.kind === 'list' || input.kind === 'choices';
}

/** Words for yes and no in variables and answers files. */
const BOOLEANS: Readonly<Record<string, string>> = {
  true: 'true',
  yes: 'true',
  '1': 'true',
  false: 'false',
  no: 'false',
  '0': 'false',
};

function normalise(input: Input, text: string): string {
  if (input.kind !== 'boolean') return text;
  return BOOLEANS[text.toLowerCase()] ?? text;
}

/** @throws UserError `SPACECTL_BAD_DATA` for an empty file: a shell makes one where the command before a `|` failed */
async function readSecret(file: string): Promise<string> {
  const text = (await readInput(file)).toString('utf8').trim();
  if (text !== '') return rememberSecret(text);
  throw new UserError('SPACECTL_BAD_DATA', `${file === '-' ? 'Standard input' : file} is empty: a secret was expected`);
}

/** Reads what was typed at a prompt: a secret, or the name of its file, in which no shell has expanded `~`. */
export async function unwrap(input: Input, texts: readonly string[]): Promise<readonly string[]> {
  const namesFiles = input.placeholder === 'FILE' || input.placeholder === 'DIR';
  const expanded = namesFiles ? texts.map((text) => text.replace(/^~(?=\/|$)/, homedir())) : texts;
  const [text = ''] = expanded;
  if (input.kind !== 'secret') return expanded;
  return existsSync(text) ? [await readSecret(text)] : expanded.map((each) => rememberSecret(each.trim()));
}
