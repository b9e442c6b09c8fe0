import type { Suggestion } from '../../core/suggestion.ts';
import { quoteIfNeeded } from '../../core/text.ts';

/** Returns the command that reads a pool's token into its folder. */
export function tokenCommand({ id }: { readonly id: string }, dir: string): string {
  return `spacectl workerpool token --pool-id ${id} --dir ${quoteIfNeeded(dir)}`;
}

/** Says how to get a new token for a pool, and what that costs. */
export function lastResort({ id, name }: { readonly id: string; readonly name: string }, dir: string): Suggestion {
  const command = `spacectl workerpool reset --pool-id ${id} --dir ${quoteIfNeeded(dir)} --confirm ${quoteIfNeeded(name)}`;
  return { text: 'As a last resort, which cuts off every worker of the pool', command };
}
