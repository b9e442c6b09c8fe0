import { UserError } from '../../src/core/errors.ts';
import { findNearest } from '../../src/core/nearest.ts';
import { quoteIfNeeded } from '../../src/core/text.ts';
import { resolveName } from './names.ts';

/** A URL with user information: a line that has one is not repeated, because it may hold a password. */
const LOGIN = /:\/\/[^/?#\s]*@/;

/** Formats a command line to paste. @returns `undefined` if it may hold a password */
function lineOf(argv: readonly string[]): string | undefined {
  return argv.some((each) => LOGIN.test(each))
    ? undefined
    : ['spacectl', ...argv.map((each) => quoteIfNeeded(each))].join(' ');
}

/**
 * Corrects the words of a command line that name a command, and keeps the rest of it.
 * @returns the line to paste, and the words of the command alone; `undefined` if nothing is close
 */
export function correctWords(
  argv: readonly string[],
  ids: readonly string[],
): { readonly line: string; readonly command: string } | undefined {
  const [first = '', ...others] = argv;
  let words = [...first.split(':'), ...others];
  for (;;) {
    const named = resolveName(words, ids);
    if (named.kind !== 'unknown') {
      const command = `spacectl ${named.id.replaceAll(':', ' ')}`;
      return { command, line: lineOf(words) ?? command };
    }
    const at = named.topic.length;
    const close = findNearest(named.word, named.siblings);
    if (close === undefined) return undefined;
    words = words.map((word, index) => (index === at ? close : word));
  }
}

/** A command as its line is parsed. */
export interface ParsedCommand {
  /** Its words, as they follow `spacectl`. */
  readonly words: readonly string[];
  readonly argv: readonly string[];
  readonly args: Readonly<Record<string, unknown>>;
  readonly flags: Readonly<
    Record<
      string,
      { readonly type: string; readonly allowNo?: boolean; readonly char?: string; readonly multiple?: boolean }
    >
  >;
}

/**
 * Explains an error of oclif's parser: an unknown flag or argument, with the line that was probably meant. Values of
 * unknown flags are not repeated if the flag is close to that of a secret.
 * @returns the error itself if it is another one
 */
export function explainParseError(error: unknown, command: ParsedCommand): unknown {
  if (!(error instanceof Error)) return error;
  const help = `spacectl ${command.words.join(' ')} --help`;
  const flags = textsIn(error, 'flags');
  if (flags) {
    const names = [...new Set(flags.map((each) => each.replace(/=.*$/s, '')))];
    const corrected = names.map((name) => [name, nearestFlag(name, command)] as const);
    const line = corrected.every(([, close]) => close) ? correctFlags(command, new Map(corrected)) : undefined;
    const all = names.length === 1 ? `no flag ${names[0]}` : `none of the flags ${names.join(', ')}`;
    const meant = corrected.flatMap(([, close]) => close ?? []).join(', ');
    const message = `"spacectl ${command.words.join(' ')}" has ${all}${meant ? `; did you mean ${meant}?` : ''}`;
    return new UserError('SPACECTL_BAD_INPUT', message, {
      suggestions: [...(line ? [{ command: line }] : []), { command: help }],
      cause: error,
    });
  }
  const extra = textsIn(error, 'args');
  if (!extra) return error;
  const [first = ''] = extra;
  const message = `"spacectl ${command.words.join(' ')}" takes no ${extra.length === 1 ? `argument "${first}"` : `arguments ${extra.map((each) => `"${each}"`).join(', ')}`}`;
  const rest = command.argv.filter((each) => each !== first);
  const line =
    takesOnlyFlag(command) && extra.length === 1 ? lineOf([...command.words, ...rest, '--dir', first]) : undefined;
  return new UserError('SPACECTL_BAD_INPUT', message, {
    suggestions: [...(line ? [{ command: line }] : []), { command: help }],
    cause: error,
  });
}

/** Reports whether a directory was probably meant: it has a flag, no argument, and was not given. */
function takesOnlyFlag({ args, argv, flags }: ParsedCommand): boolean {
  return 'dir' in flags && !('dir' in args) && !argv.some((each) => /^(?:--dir|-d)(?:=|$)/.test(each));
}

/** Reads a list of texts from an error of oclif, whose classes say what is wrong by their fields. */
function textsIn(error: Error, field: 'flags' | 'args'): readonly string[] | undefined {
  const value: unknown = Object.entries(error).find(([name]) => name === field)?.[1];
  const isTexts = Array.isArray(value) && value.length > 0 && value.every((each) => typeof each === 'string');
  return isTexts ? value : undefined;
}

/**
 * Returns the flag that was probably meant, with its dashes: one that is close, or whose name is longer. A flag that the
 * line already has is not meant, unless it can be repeated.
 */
function nearestFlag(typed: string, { flags, argv }: ParsedCommand): string | undefined {
  const name = typed.replace(/^-+/, '');
  const names = Object.entries(flags).flatMap(([each, { allowNo, char, multiple }]) => {
    const all = allowNo ? [each, `no-${each}`] : [each];
    const written = [...all.map((one) => `--${one}`), ...(char ? [`-${char}`] : [])];
    const isGiven = argv.some((text) => written.includes(text.replace(/=.*$/s, '')));
    return isGiven && !multiple ? [] : all;
  });
  const longer = names.filter((each) => name.length > 2 && each.startsWith(`${name}-`));
  const close = (longer.length === 1 ? longer[0] : undefined) ?? findNearest(name, names);
  return close === undefined ? undefined : `--${close}`;
}

function correctFlags({ words, argv, flags }: ParsedCommand, meant: ReadonlyMap<string, string | undefined>) {
  const line: string[] = [...words];
  for (let index = 0; index < argv.length; index++) {
    const text = argv[index] ?? '';
    const [typed = '', ...value] = text.split('=');
    const flag = meant.get(typed);
    const isSecret = flag?.endsWith('-file') === true;
    if (flag === undefined) line.push(text);
    else if (isSecret) line.push(flag, 'FILE');
    else line.push(value.length > 0 && flags[flag.slice(2)]?.type !== 'boolean' ? `${flag}=${value.join('=')}` : flag);
    // The value behind it may be the secret itself.
    if (isSecret && value.length === 0 && !argv[index + 1]?.startsWith('-')) index++;
  }
  return lineOf(line);
}
