import { quoteIfNeeded } from '../../core/text.ts';

/** Returns the command that gets a new token for a pool whose token is lost. */
export function resetCommand({ id, name }: { readonly id: string; readonly name: string }, dir = 'FOLDER'): string {
  return `spacectl workerpool reset --pool-id ${id} --dir ${quoteIfNeeded(dir)} --confirm ${quoteIfNeeded(name)}`;
}
