import { parseDocument } from 'yaml';
import { UserError } from '../core/errors.ts';
import { findNearest } from '../core/nearest.ts';
import { formatYamlDocument } from '../core/yaml.ts';
import { readInput } from '../files/read.ts';
import type { Answered } from './ask.ts';
import { isBare, isRepeated, keyName } from './given.ts';
import type { Input, Inputs } from './input.ts';

/**
 * Reads an answers file, YAML or JSON (`-`: standard input): a mapping of keys to values.
 * @param others names that other commands ask for: one file may serve several
 * @throws UserError `SPACECTL_BAD_ANSWERS`, with line and column where the text is not YAML, or naming an unknown key
 */
export async function readAnswers(
  file: string,
  inputs: Inputs,
  others: ReadonlySet<string> = new Set(),
): Promise<Record<string, readonly string[]>> {
  const content = parse(file, (await readInput(file)).toString('utf8'));
  if (content === null) return {};
  if (typeof content !== 'object' || Array.isArray(content)) throw bad(file, 'not a mapping of names to values');
  const known = new Map(keyed(inputs).map(({ key, input }) => [key, input]));
  const answers: Record<string, readonly string[]> = {};
  for (const [key, value] of Object.entries(content)) {
    const input = known.get(key);
    if (!input && others.has(key)) continue;
    if (!input) throw unknownKey(file, key, [...known.keys(), ...others]);
    const texts = [value].flat().map((each) => scalar(file, key, each));
    if (texts.length !== 1 && !isRepeated(input)) throw bad(file, `${key} takes one value`);
    answers[key] = texts;
  }
  return answers;
}

/** The inputs that an answers file may give, by their keys in it. */
export function keyed(
  inputs: Inputs,
): readonly { readonly name: string; readonly key: string; readonly input: Input }[] {
  return Object.entries(inputs).flatMap(([name, input]) =>
    isBare(input) ? [] : [{ name, key: keyName(name, input), input }],
  );
}

/** Every scalar as it is written: 1.10 is a version, and 012345678901 an account. */
function parse(file: string, text: string): unknown {
  const document = parseDocument(text, { prettyErrors: true, schema: 'failsafe', customTags: ['null'] });
  const [error] = document.errors;
  if (error) throw bad(file, error.message.split('\n')[0] ?? 'not YAML', error);
  try {
    return document.toJS();
  } catch (cause) {
    throw bad(file, cause instanceof Error ? cause.message : 'not YAML', cause);
  }
}

/**
 * The answers file (YAML) that gives these answers again. Secrets, URLs with a login in them and answers that are the
 * default are left out.
 */
export function formatAnswers(inputs: Inputs, { texts, origins }: Answered): string {
  const content: Record<string, unknown> = {};
  for (const { name, key, input } of keyed(inputs)) {
    const all = texts[name];
    const answer = all?.filter((each) => !LOGIN.test(each));
    if (!answer || (answer.length === 0 && all?.length) || input.kind === 'secret' || origins[name] === 'default')
      continue;
    content[key] = isRepeated(input) ? answer : input.kind === 'boolean' ? answer[0] === 'true' : answer[0];
  }
  return `# Answers for spacectl; secrets are not in here.\n${formatYamlDocument(content, { blockQuote: false })}`;
}

/** A URL with user information (RFC 3986, section 3.2.1), such as a proxy's: it may hold a password. */
const LOGIN = /:\/\/[^/?#\s]*@/;

function scalar(file: string, key: string, value: unknown): string {
  if (typeof value === 'string') return value;
  throw bad(file, `${key} holds ${value === null ? 'nothing' : 'a mapping'}, not a value`);
}

function unknownKey(file: string, key: string, known: readonly string[]): UserError {
  const close = findNearest(key, known);
  return bad(file, `"${key}" is not an answer anything asks for${close ? `; did you mean "${close}"?` : ''}`);
}

function bad(file: string, what: string, cause?: unknown): UserError {
  return new UserError('SPACECTL_BAD_ANSWERS', `Answers file ${file}: ${what}`, { cause });
}
