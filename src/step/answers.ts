import { parseDocument, stringify } from 'yaml';
import { UserError } from '../core/errors.ts';
import { findNearest } from '../core/nearest.ts';
import { readInput } from '../files/read.ts';
import type { Answered } from './ask.ts';
import { flagName, isRepeated } from './given.ts';
import type { Inputs } from './input.ts';

/**
 * Reads an answers file, YAML or JSON (`-`: standard input): a mapping of flag names to values.
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
  const named = Object.entries(inputs).map(([name, input]) => ({ flag: flagName(name, input), input }));
  const known = new Map(named.map((each) => [each.flag, each]));
  const former = new Map(named.map((each) => [each.input.formerly, each]));
  const answers: Record<string, readonly string[]> = {};
  for (const [key, value] of Object.entries(content)) {
    const found = known.get(key) ?? former.get(key);
    if (!found && others.has(key)) continue;
    if (!found) throw unknownKey(file, key, [...known.keys(), ...others]);
    const texts = [value].flat().map((each) => scalar(file, key, each));
    if (texts.length !== 1 && !isRepeated(found.input)) throw bad(file, `${key} takes one value`);
    answers[found.flag] = texts;
  }
  return answers;
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
  for (const [name, input] of Object.entries(inputs)) {
    const all = texts[name];
    const answer = all?.filter((each) => !LOGIN.test(each));
    if (!answer || (answer.length === 0 && all?.length) || input.kind === 'secret' || origins[name] === 'default')
      continue;
    content[flagName(name, input)] = isRepeated(input)
      ? answer
      : input.kind === 'boolean'
        ? answer[0] === 'true'
        : answer[0];
  }
  // In a block, the library loses the blanks of a line that has nothing else.
  return `# Answers for spacectl; secrets are not in here.\n${stringify(content, { blockQuote: false })}`;
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
