import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { UserError } from '../core/errors.ts';
import { rememberSecret } from '../core/secrets.ts';
import { readInput } from '../files/read.ts';
import type { Input } from './input.ts';

/** Where an answer came from, strongest first. `saved`: from the spacectl.yaml of the pool's folder. */
export type Origin = 'flag' | 'environment' | 'answers file' | 'saved' | 'prompt' | 'default';

/** Answers from a file with the schema of spacectl.yaml, by their places in it: `bundle.ca`. Paths in them are resolved. */
export type FileAnswers = Readonly<Record<string, readonly string[]>>;

/** Everything given beforehand, as text: a value that may be repeated has several. */
export interface Given {
  readonly flags: Readonly<Record<string, readonly string[]>>;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly answersFile: FileAnswers;
  /** What the pool's folder says. */
  readonly saved?: FileAnswers;
}

/** Returns the name of an input without the section that a conversation puts in front: `ecs/region` is `region`. */
export function plainName(name: string): string {
  return name.slice(name.lastIndexOf('/') + 1);
}

/** Returns the section that a conversation puts in front of an input's name. */
export function sectionOfName(name: string): string | undefined {
  const end = name.lastIndexOf('/');
  return end < 0 ? undefined : name.slice(0, end);
}

/** Returns the flag of an input. */
export function flagName(name: string, input: Pick<Input, 'kind'>): string {
  return input.kind === 'secret' ? `${plainName(name)}-file` : plainName(name);
}

/**
 * Returns the place of an input in spacectl.yaml, `section.key`. The key is the flag's name, without the section's name in
 * front: `pool.id` for `--pool-id`.
 * @returns `undefined` if it is never in the file
 */
export function placeOf(name: string, input: Input): string | undefined {
  const { section, key = name } = input;
  if (isBare(input) || !section) return undefined;
  const flag = flagName(key, input);
  return `${section}.${flag.startsWith(`${section}-`) ? flag.slice(section.length + 1) : flag}`;
}

/** Returns the environment variables of an input, ours first. A secret has two of ours: for its file, then for its value. */
export function variableNames(
  name: string,
  input: Pick<Input, 'kind' | 'variable' | 'otherVariables'>,
): readonly [string, ...string[]] {
  const plain = input.variable ?? plainName(name);
  const variable = (word: string) => `SPACECTL_${word.replaceAll('-', '_').toUpperCase()}`;
  const value = input.kind === 'secret' ? [variable(plain)] : [];
  return [variable(flagName(plain, input)), ...value, ...(input.otherVariables ?? [])];
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
  /** The file of a secret, by its name. */
  readonly file?: string;
}

/** Reads the value from flags, environment, answers file and the folder's spacectl.yaml, in this order. */
export async function givenAnswer(name: string, input: Input, given: Given): Promise<Answer | undefined> {
  const wrap = async (texts: readonly string[], origin: Origin): Promise<Answer> => {
    if (input.kind !== 'secret') return { texts: texts.map((each) => normalise(input, each)), origin };
    const [file = '-'] = texts;
    return { texts: [await readSecret(file)], origin, file };
  };
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
  const place = placeOf(name, input);
  if (place === undefined) return undefined;
  const filed = given.answersFile[place];
  if (filed) return wrap(filed, 'answers file');
  const saved = given.saved?.[place];
  return saved && wrap(saved, 'saved');
}

/** Whether there is an answer beforehand, without reading it: a secret may be on standard input. */
export function isGiven(name: string, input: Input, { flags, environment, answersFile, saved }: Given): boolean {
  if (flags[flagName(name, input)] !== undefined) return true;
  if (isBare(input)) return false;
  const place = placeOf(name, input);
  if (place !== undefined && (answersFile[place] ?? saved?.[place]) !== undefined) return true;
  return variableNames(name, input).some((variable) => Boolean(environment[variable]));
}

/** Whether an input takes any number of values. */
export function isRepeated(input: Input): boolean {
  return input.kind === 'list' || input.kind === 'choices';
}

/** Reports whether the texts of an input name files, so that they are relative to where they are written. */
export function namesFiles({ kind, placeholder = '' }: Pick<Input, 'kind' | 'placeholder'>): boolean {
  return kind === 'secret' || /^(?:FILE|DIR|REF\|PATH)$/.test(placeholder);
}

/** Words for yes and no in variables and spacectl.yaml. */
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

/** What was typed at a prompt, as the input reads it. */
export interface Typed {
  readonly texts: readonly string[];
  /** The file of a secret, if its name was typed. */
  readonly file?: string;
}

/** Reads what was typed at a prompt: a secret, or the name of its file, in which no shell has expanded `~`. */
export async function unwrap(input: Input, texts: readonly string[]): Promise<Typed> {
  const expanded = namesFiles(input) ? texts.map((text) => text.replace(/^~(?=\/|$)/, homedir())) : texts;
  const [text = ''] = expanded;
  if (input.kind !== 'secret') return { texts: expanded };
  if (existsSync(text)) return { texts: [await readSecret(text)], file: text };
  return { texts: expanded.map((each) => rememberSecret(each.trim())) };
}
