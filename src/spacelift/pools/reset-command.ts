import { wordFor } from '../../core/words.ts';

/** The one command that gives a pool whose token is lost another one. */
export function resetCommand({ id, name }: { readonly id: string; readonly name: string }, dir = 'FOLDER'): string {
  return `spacectl workerpool reset --pool-id ${id} --dir ${wordFor(dir)} --confirm ${wordFor(name)}`;
}
