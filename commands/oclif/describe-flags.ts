import type { Flag } from '@oclif/core/interfaces';
import { flagName, isBare, isRepeated, variableNames } from '../../src/step/given.ts';
import type { Input, Inputs } from '../../src/step/input.ts';
import type { CommandClass } from './base.ts';
import { type ArgumentInfo, type FlagInfo, GLOBAL, SEVERAL } from './manifest.ts';

/** Describes the flags of a command: those of its inputs, then those that every command has. */
export function describeFlags({ inputs, baseFlags = {}, common }: CommandClass): readonly FlagInfo[] {
  const flags = new Map<string, FlagInfo>();
  for (const [name, input] of Object.entries(inputs)) {
    if (isBare(input)) continue;
    const flag = flagName(name, input);
    const described = describeInput(name, input);
    const other = flags.get(flag);
    flags.set(flag, other ? joined(other, described) : described);
  }
  const own = [...flags.values()].map((flag) => ({
    ...flag,
    isCommon: common && flag.section !== undefined ? common.includes(flag.name) : flag.isCommon,
  }));
  return [...own, ...Object.entries(baseFlags).map(([name, flag]) => describeBaseFlag(name, flag))];
}

/** Describes the positional arguments of a command. */
export function describeArguments(inputs: Inputs): readonly ArgumentInfo[] {
  const positional = Object.entries(inputs).filter(([, { positional }]) => positional);
  return positional.map(([name, input]) => ({
    name,
    summary: input.summary,
    isRepeated: isRepeated(input),
    isRequired: isBare(input) && !input.optional && input.default === undefined,
    choices: input.choices?.map(({ value }) => value),
    value: input.placeholder,
  }));
}

function describeInput(name: string, input: Input): FlagInfo {
  const { char, summary, description, choices, section } = input;
  return {
    name: flagName(name, input),
    char,
    summary,
    description,
    value: input.kind === 'boolean' ? undefined : (input.placeholder ?? 'VALUE'),
    isRepeated: isRepeated(input),
    isNegatable: input.kind === 'boolean',
    choices: choices?.map(({ value }) => value),
    default: defaultOf(input),
    variables: variableNames(name, input),
    section: section ?? undefined,
    // What can be asked for matters most; who logs in has usually a profile.
    isCommon: section === undefined || section === null || (input.asked !== false && section !== 'account'),
  };
}

function defaultOf({ kind, default: fallback }: Input): string | undefined {
  return Array.isArray(fallback) && fallback.length > 0 && kind !== 'boolean' ? fallback.join(', ') : undefined;
}

/** Joins the descriptions of a flag that several targets have. */
function joined(one: FlagInfo, other: FlagInfo): FlagInfo {
  if (one.section === other.section) return one;
  return {
    ...one,
    default: one.default === other.default ? one.default : undefined,
    isCommon: one.isCommon || other.isCommon,
    section: SEVERAL,
    targets: [...(one.targets ?? [one.section ?? '']), other.section ?? ''],
  };
}

/** The flags of every command that the short help explains. */
const COMMON: readonly string[] = ['json', 'dry-run'];

function describeBaseFlag(name: string, flag: Flag<unknown>): FlagInfo {
  const { char, summary = '' } = flag;
  const isBoolean = flag.type === 'boolean';
  return {
    name,
    char,
    summary,
    value: isBoolean ? undefined : (flag.helpValue as string),
    isRepeated: !isBoolean && (flag.multiple ?? false),
    isNegatable: isBoolean && flag.allowNo,
    variables: [],
    section: GLOBAL,
    isCommon: COMMON.includes(name),
  };
}
