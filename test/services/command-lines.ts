import { describeCommands, loadAllCommands } from '../../commands/index.ts';
import { resolveName } from '../../commands/oclif/names.ts';
import { flagName } from '../../src/step/given.ts';
import type { Input } from '../../src/step/input.ts';

const COMMANDS = await describeCommands();
const CLASSES = await loadAllCommands();

/** Commands that ask for what they need, or find it in the pool's directory. */
const ASK: readonly string[] = ['init', 'apply', 'profile:login'];

/** Required inputs that a line does not give, and values that are not among the choices. */
export function lacksIn(line: string): readonly string[] {
  const named = resolveName(line.replace(/'[^']*'|"[^"]*"/g, 'VALUE').split(/\s+/), Object.keys(COMMANDS));
  const command = named.kind === 'command' ? CLASSES[named.id] : undefined;
  if (named.kind !== 'command' || !command || ASK.includes(named.id) || /(?:^|\s)-(?:-help|h)\b|…/.test(line))
    return [];
  const words = named.rest;
  const bare = words.filter((word, at) => !word.startsWith('-') && !takesValue(words[at - 1], named.id));
  return Object.entries(command.inputs).flatMap(([name, input]) => {
    const flag = `--${flagName(name, input)}`;
    const at = words.findIndex((word) => word === flag || word.startsWith(`${flag}=`));
    const isPositional = input.positional !== undefined;
    if (at < 0) {
      const isGiven = isPositional ? bare.length > 0 : !isRequired(input);
      return isGiven || !isRequired(input) ? [] : [`${line}: lacks ${isPositional ? name.toUpperCase() : flag}`];
    }
    const value = words[at]?.includes('=') ? words[at]?.slice(flag.length + 1) : words[at + 1];
    const choices =
      input.kind === 'choice' || input.kind === 'choices' ? input.choices?.map((each) => each.value) : undefined;
    const isPlaceholder = !value || /^(?:VALUE|[A-Z]+)$|\$/.test(value);
    const isKnown = !choices || isPlaceholder || choices.includes(value) || value in (input.synonyms ?? {});
    return isKnown ? [] : [`${line}: ${flag} "${value}"`];
  });
}

/** Whether a command cannot run without it, whatever the environment and the directory have. */
function isRequired({ optional, default: fallback, when }: Input): boolean {
  return !optional && fallback === undefined && when === undefined;
}

function takesValue(word: string | undefined, id: string): boolean {
  const flags = COMMANDS[id]?.flags ?? [];
  return flags.some(({ name, char, value }) => value !== undefined && (word === `--${name}` || word === `-${char}`));
}

/** Flags and commands that this program does not have; commands of Spacelift's own CLI are not looked at. */
export function mistakesIn(line: string): readonly string[] {
  const words = line.replace(/'[^']*'|"[^"]*"/g, 'VALUE').split(/\s+/);
  const named = resolveName(words, Object.keys(COMMANDS));
  if (named.kind === 'topic') return [];
  if (named.kind === 'unknown')
    return ['stack', 'module', 'run'].includes(named.word) ? [] : [`${line}: not a command`];
  const { flags = [] } = COMMANDS[named.id] ?? {};
  const known = [
    '--help',
    ...flags.flatMap(({ name, char, isNegatable }) => [
      `--${name}`,
      ...(char ? [`-${char}`] : []),
      ...(isNegatable ? [`--no-${name}`] : []),
    ]),
  ];
  const given = named.rest.map((word) => word.replace(/=.*/, '')).filter((word) => /^--?[a-z]/.test(word));
  return given.filter((flag) => !known.includes(flag)).map((flag) => `${line}: ${flag}`);
}
