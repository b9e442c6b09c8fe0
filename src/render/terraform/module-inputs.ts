import { UserError } from '../../core/errors.ts';
import type { Cloud } from '../cloud/limits.ts';
import type { Value } from '../hcl/hcl.ts';
import { meant, problemWith } from './module-type.ts';
import { MODULES, type Module } from './modules.ts';

/** The module for a cloud. @throws UserError `SPACECTL_BAD_INPUT` for a version whose inputs are not known */
export function moduleFor(cloud: Cloud, version: string | undefined): Module {
  const known = MODULES.filter((each) => each.cloud === cloud);
  const wanted = version?.replace(/^v?/, 'v');
  const found = wanted === undefined ? known[0] : known.find((each) => each.version === wanted);
  if (found) return found;
  throw bad(`--module-version: the inputs of ${version} are not known; known for ${cloud}: ${namesOf(known)}`);
}

/**
 * Adds inputs the user named to those that were worked out, and holds all of them against the module's documentation.
 * @throws UserError `SPACECTL_BAD_INPUT` for an unknown name (with the nearest one) or a value of another type
 */
export function checkInputs(
  module: Module,
  worked: Readonly<Record<string, Value | undefined>>,
  own: readonly (readonly [name: string, value: Value])[],
): Record<string, Value> {
  for (const [name, value] of own) {
    if (worked[name] !== undefined) throw bad(`--module-input ${name}: spacectl sets this itself`);
    const type = module.inputs[name];
    if (!type)
      throw bad(`--module-input: ${title(module)} has no input ${name}${meant(name, Object.keys(module.inputs))}`);
    const problem = problemWith(value, type);
    if (problem) throw bad(`--module-input ${name} ${problem}`);
  }
  const all: Record<string, Value> = {};
  for (const [name, value] of [...Object.entries(worked), ...own]) {
    if (value === undefined) continue;
    const problem = module.inputs[name] ? problemWith(value, module.inputs[name]) : 'is unknown';
    if (problem) throw new Error(`${title(module)}: ${name} ${problem}`);
    all[name] = value;
  }
  const missing = module.required.filter((name) => all[name] === undefined);
  if (missing.length > 0) throw new Error(`${title(module)}: ${missing.join(', ')} missing`);
  return all;
}

function title({ cloud, version }: Module): string {
  return `the ${cloud} module ${version}`;
}

function namesOf(modules: readonly Module[]): string {
  return modules.map(({ version }) => version).join(', ');
}

function bad(message: string): UserError {
  return new UserError('SPACECTL_BAD_INPUT', message);
}
