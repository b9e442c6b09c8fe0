import type { PoolStatus } from './status.ts';
import type { Update } from './thing.ts';

/**
 * Says what builds again what is stale, in order: hosts get the bundle. `apply` renders every target, so that it is left
 * out where a file was edited by hand.
 */
export function updatesFor({ things }: PoolStatus): readonly Update[] {
  const wanted = new Set(things.map(({ update }) => update));
  if (things.some(({ isEdited }) => isEdited)) wanted.delete('apply');
  return (['ca-bundle', 'apply'] as const).filter((each) => wanted.has(each));
}
