import type { ArgumentInfo, CommandInfo, FlagInfo, Manifest } from '../oclif/manifest.ts';
import { resolveName } from '../oclif/names.ts';
import { GROUPS, HELP_PAGES, TOPICS } from '../topics.ts';
import { extensionsOf } from './files.ts';

/** What can follow on a command line. */
export type Proposal =
  | { readonly kind: 'values'; readonly values: readonly Value[] }
  /** Files; without extensions any. */
  | { readonly kind: 'files'; readonly extensions: readonly string[] }
  | { readonly kind: 'directories' };

/** A value, and what it is. */
export type Value = readonly [value: string, about: string];

/** Values that only the user's account or files know, or that are a long table. */
export interface LookUp {
  readonly kind: 'look-up';
  readonly what: 'profiles' | 'pools' | 'AWS regions';
  /** Values of flags on the line that say where to look. */
  readonly profile: string | undefined;
}

/** What is looked up for a flag or an argument, by its name. */
const LOOK_UPS: Readonly<Record<string, LookUp['what']>> = {
  alias: 'profiles',
  profile: 'profiles',
  'pool-id': 'pools',
  region: 'AWS regions',
};

/** Flags that say that a region is one of another cloud, and the value with which they do. */
const OTHER_CLOUDS: readonly (readonly [flag: string, value: string])[] = [
  ['cloud', 'azure'],
  ['cloud', 'gcp'],
  ['target', 'terraform-gcp'],
];

const NOTHING: Proposal = { kind: 'values', values: [] };

/**
 * Proposes values for the last word of a command line. The shell drops those that do not begin with what is typed.
 * @param words those after the program's name; the last one is being typed, and may be empty. bash splits `--flag=value`
 */
export function complete(words: readonly string[], manifest: Manifest): Proposal | LookUp {
  const { summaries, commands } = manifest;
  const [before, typed] = [words.slice(0, -1), words.at(-1) ?? ''];
  if (before[0] === 'help') return completeName(before.slice(1), typed, summaries, helpValues());
  const named = resolveName(before, Object.keys(summaries));
  if (named.kind !== 'command') return completeName(before, typed, summaries);
  const command = commands[named.id];
  return command ? completeCommand(command, named.rest, typed) : NOTHING;
}

function completeName(
  before: readonly string[],
  typed: string,
  summaries: Manifest['summaries'],
  more: readonly Value[] = before.length === 0 ? [['help', 'Help of a command']] : [],
): Proposal {
  if (typed.startsWith('-')) {
    const flags: readonly Value[] = before.length === 0 ? [['--version', 'Version, build and platform']] : [];
    return { kind: 'values', values: [['--help', 'Help'], ...flags] };
  }
  const topic = before.join(':');
  const start = topic === '' ? '' : `${topic}:`;
  const ids = Object.keys(summaries).filter((id) => id.startsWith(start));
  const next = new Set(ids.map((id) => id.slice(start.length).split(':')[0] ?? ''));
  // In the order of the program's help.
  const order = GROUPS.flatMap((group) => group.ids);
  const sorted = [...next].toSorted((one, other) => order.indexOf(one) - order.indexOf(other));
  const values = sorted.map((word): Value => [word, TOPICS[start + word] ?? summaries[start + word] ?? '']);
  return { kind: 'values', values: [...values, ...more] };
}

function helpValues(): readonly Value[] {
  return Object.entries(HELP_PAGES);
}

function completeCommand(command: CommandInfo, before: readonly string[], typed: string): Proposal | LookUp {
  const line = readLine(command, before);
  if (line.open) return completeValue(line.open, line);
  const [, name, value] = /^--([^=]+)(=)/.exec(typed) ?? [];
  const assigned = value && command.flags.find((flag) => flag.name === name);
  if (assigned) return completeValue(assigned, line);
  if (typed.startsWith('-') && !line.isEnded) return { kind: 'values', values: flagValues(command, line, typed) };
  const position = command.arguments[Math.min(line.positionals, command.arguments.length - 1)];
  const isLeft = position && (position.isRepeated || line.positionals < command.arguments.length);
  return isLeft ? completeArgument(position, line) : NOTHING;
}

/** What the words before the last one already say. */
interface Line {
  readonly given: ReadonlyMap<string, string>;
  readonly positionals: number;
  /** The flag whose value is being typed. */
  readonly open: FlagInfo | undefined;
  /** Whether `--` ended the flags. */
  readonly isEnded: boolean;
}

function readLine({ flags }: CommandInfo, words: readonly string[]): Line {
  const given = new Map<string, string>();
  let [positionals, isEnded] = [0, false];
  let open: FlagInfo | undefined;
  for (const word of words) {
    // bash passes `=` as a word of its own.
    if (word === '=' && open) continue;
    if (open) {
      given.set(open.name, word);
      open = undefined;
    } else if (isEnded || !word.startsWith('-') || word === '-') positionals++;
    else if (word === '--') isEnded = true;
    else {
      const [name = '', ...value] = word.replace(/^--?/, '').split('=');
      const flag = flags.find((each) => each.name === name || each.char === name);
      if (flag?.value !== undefined && !word.includes('=')) open = flag;
      else given.set(flag?.name ?? name, value.join('='));
    }
  }
  return { given, positionals, open, isEnded };
}

function flagValues({ flags }: CommandInfo, { given }: Line, typed: string): readonly Value[] {
  const left = flags.filter(({ name, isRepeated }) => isRepeated || !given.has(name));
  const named = left.map(({ name, summary }): Value => [`--${name}`, summary]);
  const negated = left.filter(({ isNegatable }) => isNegatable && typed.startsWith('--no'));
  return [
    ...named,
    ...negated.map(({ name, summary }): Value => [`--no-${name}`, `Not: ${summary}`]),
    ['--help', 'Help; with --all, of every flag'],
  ];
}

function completeArgument({ name, choices, value }: ArgumentInfo, line: Line): Proposal | LookUp {
  return propose({ name, choices, value: name === 'file' ? 'FILE' : value }, line);
}

function completeValue({ name, choices, value }: FlagInfo, line: Line): Proposal | LookUp {
  return propose({ name, choices, value }, line);
}

function propose(
  { name, choices, value }: Pick<FlagInfo, 'name' | 'choices' | 'value'>,
  { given }: Line,
): Proposal | LookUp {
  // A placeholder in small letters lists words too: github|gitlab.
  const words = choices ?? (/^[a-z0-9]+(?:\|[a-z0-9]+)+$/.test(value ?? '') ? value?.split('|') : undefined);
  if (words) return { kind: 'values', values: words.map((each) => [each, '']) };
  const what = LOOK_UPS[name];
  if (what === 'AWS regions' && OTHER_CLOUDS.some(([flag, cloud]) => given.get(flag) === cloud)) return NOTHING;
  if (what) return { kind: 'look-up', what, profile: given.get('profile') };
  if (value === 'DIR') return { kind: 'directories' };
  const extensions = extensionsOf(name, value);
  return extensions ? { kind: 'files', extensions } : NOTHING;
}
