import { UserError } from '../../core/errors.ts';
import { CLOUD_TITLES, type Cloud } from '../cloud/limits.ts';
import { Expression, type Value } from '../format/hcl/hcl.ts';
import { didYouMean, problemWith } from './check-value.ts';
import { MODULES, type Module, type Type } from './releases/index.ts';

/** An input of the module by name, and its value as it was typed. */
export type OwnInput = readonly [name: string, text: string];

/** Inputs that spacectl sets. `undefined` means the module's default. */
export type InputValues = Readonly<Record<string, Value | undefined>>;

/** Returns the release of a cloud's module. @throws UserError `SPACECTL_BAD_INPUT` for a release that spacectl does not know */
export function moduleFor(cloud: Cloud, version: string | undefined): Module {
  const known = MODULES.filter((each) => each.cloud === cloud);
  const wanted = version?.replace(/^v?/, 'v');
  const found = wanted === undefined ? known[0] : known.find((each) => each.version === wanted);
  if (found) return found;
  const names = known.map((each) => each.version).join(', ');
  throw bad(`--module-version: spacectl does not know ${version} of the ${cloud} module, only ${names}`);
}

/** Reads the values of `--module-input` by the types of the release. @throws UserError `SPACECTL_BAD_INPUT` */
export function readOwnInputs(module: Module, given: readonly OwnInput[]): Record<string, Value> {
  const entries = given.map(([name, text]) => {
    const type = typeOf(module, name);
    if (type === undefined) {
      const names = Object.keys(module.inputs);
      throw bad(`--module-input: ${titleOf(module)} has no input ${name}${didYouMean(name, names)}`);
    }
    const value = readValue(text, type);
    // JSON.stringify escapes halves of a surrogate pair and nothing else of that range.
    if (/\\ud[89a-f]/i.test(JSON.stringify(value))) throw bad(`--module-input ${name}: the value is not valid Unicode`);
    return [name, value] as const;
  });
  const repeated = given.find(([name], index) => given.findIndex((each) => each[0] === name) !== index);
  if (repeated) throw bad(`--module-input ${repeated[0]} was passed twice`);
  return Object.fromEntries(entries);
}

/**
 * Joins the inputs that spacectl sets with the user's, and checks all of them against the release's types. The user's
 * inputs win over `defaults`, and add attributes to objects that spacectl sets only in part.
 * @throws UserError `SPACECTL_BAD_INPUT` for a value of another type, or one that spacectl sets itself
 */
export function joinInputs(
  module: Module,
  { set, defaults = {} }: { readonly set: InputValues; readonly defaults?: InputValues },
  own: Readonly<Record<string, Value>>,
): Record<string, Value> {
  const all: Record<string, Value> = {};
  for (const name of new Set([...Object.keys(set), ...Object.keys(defaults), ...Object.keys(own)])) {
    const type = typeOf(module, name);
    const usual = type === undefined ? undefined : defaults[name];
    const value = Object.hasOwn(own, name) ? joinValue(name, set[name], usual, own[name]) : (set[name] ?? usual);
    if (value === undefined) continue;
    const problem = type === undefined ? 'is not an input of it' : problemWith(value, type);
    if (problem && Object.hasOwn(own, name)) throw bad(`--module-input ${name} ${problem}`);
    if (problem) throw new Error(`${titleOf(module)}: ${name} ${problem}`);
    all[name] = value;
  }
  const missing = module.required.filter((name) => all[name] === undefined);
  if (missing.length > 0) throw new Error(`${titleOf(module)}: ${missing.join(', ')} missing`);
  return all;
}

/** Returns the name of a release for messages. */
export function titleOf({ cloud, version }: Pick<Module, 'cloud' | 'version'>): string {
  return `the ${CLOUD_TITLES[cloud]} module ${version}`;
}

/** Ignores inherited names such as `constructor`. */
function typeOf({ inputs }: Module, name: string): Type | undefined {
  return Object.hasOwn(inputs, name) ? inputs[name] : undefined;
}

function joinValue(name: string, ours: Value | undefined, usual: Value | undefined, theirs: Value | undefined) {
  if (Array.isArray(ours) && Array.isArray(theirs)) return [...ours, ...theirs];
  if (ours === undefined) return isObject(usual) && isObject(theirs) ? { ...usual, ...theirs } : theirs;
  if (!isObject(ours) || !isObject(theirs)) throw bad(`--module-input ${name}: spacectl sets this itself`);
  const both = Object.keys(theirs).find((key) => ours[key] !== undefined);
  if (both !== undefined) throw bad(`--module-input ${name}: spacectl sets its ${both} itself`);
  return { ...ours, ...theirs };
}

function isObject(value: Value | undefined): value is Readonly<Record<string, Value | undefined>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Expression);
}

/** Reads plain text for strings, and JSON for everything else. `null` means the module's default. */
function readValue(text: string, type: Type): Value {
  if (type === 'string' && text !== 'null' && !/^".*"$/s.test(text)) return text;
  try {
    return JSON.parse(text) as Value;
  } catch {
    return text;
  }
}

function bad(message: string): UserError {
  return new UserError('SPACECTL_BAD_INPUT', message);
}
