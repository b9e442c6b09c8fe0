import { UserError } from '../core/errors.ts';
import { listed, quoteIfNeeded } from '../core/text.ts';
import { flagName, type Given, isGiven, type Origin, plainName, sectionOfName } from './given.ts';
import type { Answers, Input, Inputs } from './input.ts';

/** What is known when a flag turns out to have no effect. */
export interface Situation {
  readonly inputs: Inputs;
  readonly given: Given;
  readonly values: Answers;
  readonly texts: Readonly<Record<string, readonly string[]>>;
  readonly origins: Readonly<Record<string, Origin>>;
  /** Inputs that have no effect themselves. */
  readonly ignored: ReadonlySet<string>;
}

/** Why a flag has no effect, and what would change that. */
export interface Refusal {
  /** Without its dashes. */
  readonly flag: string;
  /** As it reads after "has no effect": "with --offline". */
  readonly why: string;
  /** What to pass or to leave out, apart from the flag itself. */
  readonly instead: readonly string[];
}

/**
 * Finds the answers that take the effect from an input: those of which another value alone would give it one. If there is
 * no such answer, several together do it, and all that the input depends on are named.
 */
export async function explainWithoutEffect(name: string, situation: Situation): Promise<Refusal> {
  const { inputs, ignored } = situation;
  const input = inputs[name] as Input;
  const reads = new Set<string>();
  const hasEffect = (changed: Answers) => tryCondition(name, input, situation, changed, reads);
  await hasEffect({});
  const causes: Cause[] = [];
  for (const read of [...reads]) {
    const source = inputs[read];
    if (!source) continue;
    const better: string[] = [];
    for (const [text, value] of alternatives(source, situation.values[read]))
      if (await hasEffect({ [read]: value })) better.push(text);
    if (better.length > 0) causes.push({ name: read, better });
  }
  // What has no effect itself is the effect of something else.
  const [only] = causes;
  if (only && causes.length === 1 && ignored.has(only.name))
    return { ...(await explainWithoutEffect(only.name, situation)), flag: flagName(name, input) };
  const named =
    causes.length > 0 ? causes : [...reads].flatMap((read) => (inputs[read] ? { name: read, better: [] } : []));
  const reasons = await Promise.all(named.map((cause) => reasonOf(cause.name, situation)));
  return {
    flag: flagName(name, input),
    why: reasons.length > 0 ? listed(reasons) : 'with these options',
    instead: causes.flatMap((cause) => insteadOf(cause, situation)),
  };
}

/** Returns the one error about flags that have no effect. Those of one cause are told together. */
export function withoutEffectError(refusals: readonly Refusal[]): UserError {
  const reasons = new Map<string, Refusal[]>();
  for (const each of refusals) reasons.set(each.why, [...(reasons.get(each.why) ?? []), each]);
  const message = [...reasons].map(([why, each]) => {
    const names = namesOf(each);
    return `${listed(names)} ${names.length === 1 ? 'has' : 'have'} no effect ${why}`;
  });
  const omit = `Omit ${listed(namesOf(refusals))}`;
  const instead = [...new Set(refusals.flatMap((each) => each.instead))];
  return new UserError('SPACECTL_BAD_INPUT', message.join('; '), {
    suggestions: [omit, ...instead.map((each) => `Or ${each}`)],
  });
}

/** Lists flags once each: several inputs may have the same. */
function namesOf(refusals: readonly Refusal[]): readonly string[] {
  return [...new Set(refusals.map(({ flag }) => `--${flag}`))];
}

/** An answer that takes the effect from an input, and texts that would not. */
interface Cause {
  readonly name: string;
  readonly better: readonly string[];
}

/** Tries an input's condition with other answers, and notes which inputs it reads. */
async function tryCondition(
  name: string,
  input: Input,
  { inputs, given, values }: Situation,
  changed: Answers,
  reads: Set<string>,
): Promise<boolean> {
  const section = sectionOfName(name);
  const seen = new Proxy(values, {
    get(target, plain: string) {
      const own = `${section}/${plain}`;
      const read = section !== undefined && Object.hasOwn(inputs, own) ? own : plain;
      reads.add(read);
      return Object.hasOwn(changed, read) ? changed[read] : target[read];
    },
  }) as never;
  try {
    return (await input.when?.(seen, isGiven(name, input, given))) ?? true;
  } catch {
    // A value of another kind than the condition expects.
    return false;
  }
}

/** Lists other values of an input, by what would be typed for them. */
function alternatives(
  { kind, choices = [] }: Input,
  value: unknown,
): readonly (readonly [text: string, value: unknown])[] {
  const others = choices.map((each) => each.value).filter((each) => each !== value);
  if (kind === 'boolean') return [[String(value !== true), value !== true]];
  if (kind === 'choice') return others.map((each) => [each, each]);
  if (kind === 'choices') return others.map((each) => [each, [each]]);
  if (kind === 'list') return Array.isArray(value) && value.length > 0 ? [['', []]] : [['VALUE', ['x']]];
  return value === undefined
    ? [['VALUE', 'x']]
    : [
        ['', undefined],
        ['', '/nowhere'],
      ];
}

async function reasonOf(name: string, situation: Situation): Promise<string> {
  const { inputs, values, texts, origins } = situation;
  const input = inputs[name] as Input;
  const flag = `--${flagName(name, input)}`;
  const origin = origins[name];
  const value = values[name];
  const isEmpty = value === undefined || (Array.isArray(value) && value.length === 0);
  if (plainName(name) === 'dir') return `with what is in ${quoteIfNeeded(String(value))}`;
  if (isEmpty || (value === false && origin === 'default')) return `without ${flag}`;
  const where = origin === 'default' ? await defaultWords(name, situation) : ORIGINS[origin ?? 'flag'];
  if (input.kind === 'boolean') return `with ${value === true ? flag : flag.replace('--', '--no-')}${where}`;
  const shown =
    input.kind === 'secret' ? '' : ` ${(texts[name] ?? []).map((each) => quoteIfNeeded(each)).join(` ${flag} `)}`;
  return `with ${flag}${shown}${where}`;
}

const ORIGINS: Readonly<Record<Origin, string>> = {
  flag: '',
  prompt: '',
  environment: ' (from the environment)',
  'answers file': ' (from the answers file)',
  saved: ' (from spacectl.yaml)',
  default: ' (the default)',
};

/** Says of a default what it depends on: "(the default with --offline)". */
async function defaultWords(name: string, situation: Situation): Promise<string> {
  const { default: fallback } = situation.inputs[name] as Input;
  if (typeof fallback !== 'function') return ORIGINS.default;
  const reads = new Set<string>();
  const seen = new Proxy(situation.values, {
    get: (target, read: string) => {
      reads.add(read);
      return target[read];
    },
  });
  fallback(seen as never);
  const given = [...reads].filter((read) => situation.inputs[read] && situation.origins[read] !== 'default');
  const reasons = await Promise.all(given.map((read) => reasonOf(read, situation)));
  return reasons.length > 0 ? ` (the default ${listed(reasons)})` : ORIGINS.default;
}

function insteadOf({ name, better }: Cause, { inputs, values, origins }: Situation): readonly string[] {
  const input = inputs[name] as Input;
  const flag = `--${flagName(name, input)}`;
  const [first = ''] = better;
  if (plainName(name) === 'dir') return ['name another directory with --dir'];
  if (input.kind === 'boolean') {
    if (values[name] !== true) return [`pass ${flag}`];
    return [origins[name] === 'flag' ? `omit ${flag}` : `pass ${flag.replace('--', '--no-')}`];
  }
  if (first === '') return [`omit ${flag}`];
  if (better.length > 3) return [`pass another ${flag}, such as ${first}`];
  return better.map((each) => `pass ${flag} ${each}`);
}
