import type { Value } from '../../../src/render/format/hcl/hcl.ts';
import type { Type } from '../../../src/render/terraform/releases/index.ts';

/** Returns a value of a type, as it is typed behind `--module-input NAME=`. */
export function sampleValue(type: Type): Value {
  if (type === 'number') return 3;
  if (type === 'bool') return true;
  if (typeof type === 'string') return 'x';
  if ('list' in type) return [sampleValue(type.list)];
  if ('map' in type) return { a: sampleValue(type.map) };
  return Object.fromEntries(Object.entries(type.object).map(([name, each]) => [name, sampleValue(each)]));
}
