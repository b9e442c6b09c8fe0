import { toSafeLine } from './safe-line.ts';

type Listener = (line: string) => void;

let listener: Listener | undefined;

/** Sets who is told what is asked of whom. */
export function listenToTrace(listen: Listener): void {
  listener = listen;
}

/** Tells which program is run, with its arguments, which never hold a secret. */
export function traceProgram(program: string, args: readonly string[]): void {
  listener?.(toSafeLine(`run ${[program, ...args].join(' ')}`, LONGEST));
}

/** Tells what is asked of a server, and how it went. Of a URL, neither a login nor the query is told: they may be secrets. */
export function traceRequest(method: string, { origin, pathname }: URL, outcome?: string | number): void {
  listener?.(toSafeLine(`${method} ${origin}${pathname}${outcome === undefined ? '' : `: ${outcome}`}`, LONGEST));
}

/** Characters of a line: arguments may be scripts. */
const LONGEST = 500;
