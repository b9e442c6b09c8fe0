/** An argument as it is pasted into a shell. */
export function quote(argument: string): string {
  return /^[\w./:@%+=-]+$/.test(argument) ? argument : `'${argument.replaceAll("'", `'\\''`)}'`;
}

/** The one command that gives a pool whose token is lost another one. */
export function resetCommand({ id, name }: { readonly id: string; readonly name: string }, dir: string): string {
  return `spacectl workerpool reset --pool-id ${id} --dir ${quote(dir)} --confirm ${quote(name)}`;
}
