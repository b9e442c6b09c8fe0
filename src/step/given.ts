import { existsSync } from 'node:fs';
import { homedir } from 'node:os';
import { UserError } from '../core/errors.ts';
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

/** The name of the flag, and of the key in an answers file, that gives an input. */
export function flagName(name: string, input: Input): string {
  return input.kind === 'secret' ? `${name}-file` : name;
}

/** The environment variable that gives an input: named after its flag, unless it has a name of its own. */
export function variableName(flag: string, input: Pick<Input, 'variable'>): string {
  return input.variable ?? `SPACECTL_${flag.replaceAll('-', '_').toUpperCase()}`;
}

/** The answer to one input, as text. */
export interface Answer {
  readonly texts: readonly string[];
  readonly origin: Origin;
  /** The environment variable it came from. */
  readonly variable?: string;
}

/** What flags, environment and answers file say, in this order. */
export async function givenAnswer(name: string, input: Input, given: Given): Promise<Answer | undefined> {
  const flag = flagName(name, input);
  const wrap = async (texts: readonly string[], origin: Origin): Promise<Answer> => ({
    texts: input.kind === 'secret' ? [await readSecret(texts[0] ?? '-')] : texts.map((each) => normalise(input, each)),
    origin,
  });
  const flagged = given.flags[flag];
  if (flagged) return wrap(flagged, 'flag');
  const filed = given.answersFile[flag];
  // The name of a bare argument is too common a word: the IMAGE of one command is not that of another.
  if (input.positional) return filed && wrap(filed, 'answers file');
  const own = variableName(name, input);
  const itself = given.environment[own];
  if (itself && input.kind === 'secret') return { texts: [itself], origin: 'environment', variable: own };
  const variable = variableName(flag, input);
  const value = given.environment[variable];
  if (value) {
    const lines = isRepeated(input) ? value.split('\n').filter(Boolean) : [value];
    return { ...(await wrap(lines, 'environment')), variable };
  }
  return filed && wrap(filed, 'answers file');
}

/** Whether there is an answer beforehand, without reading it: a secret may be on standard input. */
export function isGiven(name: string, input: Input, { flags, environment, answersFile }: Given): boolean {
  const flag = flagName(name, input);
  if (flags[flag] !== undefined || answersFile[flag] !== undefined) return true;
  if (input.positional) return false;
  const variables = [variableName(flag, input), ...(input.kind === 'secret' ? [variableName(name, input)] : [])];
  return variables.some((variable) => Boolean(environment[variable]));
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
  if (text !== '') return text;
  throw new UserError('SPACECTL_BAD_DATA', `${file === '-' ? 'Standard input' : file} is empty: a secret was expected`);
}

/** At a prompt a secret may be pasted, or the file that holds it be named; and no shell has expanded `~`. */
export async function unwrap(input: Input, texts: readonly string[]): Promise<readonly string[]> {
  const namesFiles = input.placeholder === 'FILE' || input.placeholder === 'DIR';
  const expanded = namesFiles ? texts.map((text) => text.replace(/^~(?=\/|$)/, homedir())) : texts;
  const [text = ''] = expanded;
  return input.kind === 'secret' && existsSync(text) ? [await readSecret(text)] : expanded;
}
