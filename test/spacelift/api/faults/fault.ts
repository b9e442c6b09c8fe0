import type { GraphQlResponse, Spacelift, Trouble } from '../../../services/spacelift.ts';

/** What is asked of the API while something goes wrong. */
export type Act =
  | 'list'
  | 'show'
  | 'watch'
  | 'token'
  | 'whoami'
  | 'create'
  | 'reset'
  | 'update'
  | 'delete'
  | 'cycle'
  | 'drain';

/** Something that goes wrong with an answer of the API, and what has to come of it. */
export interface Fault {
  readonly title: string;
  readonly act: Act;
  /** The operation that meets the trouble; the act's own if absent. */
  readonly on?: string;
  /** What goes wrong, request after request. */
  readonly troubles: readonly Trouble[];
  /** Prepares the server. */
  readonly given?: (server: Spacelift) => void;
  /** How long the client waits, in milliseconds; by default so long that a slow machine is no fault. */
  readonly patience?: { readonly idleTimeout?: number; readonly totalTimeout?: number };
  /** What the error says; absent if the act succeeds nevertheless. */
  readonly says?: RegExp;
  /** `SPACECTL_UNREACHABLE` if absent. */
  readonly code?: string;
  /** How often the operation is sent; once if absent. */
  readonly sent?: number;
}

export const times = (count: number, trouble: Trouble): readonly Trouble[] =>
  Array.from({ length: count }, () => trouble);
export const text = (body: string): Trouble => ({ alter: () => body });
const field = (response: GraphQlResponse) => Object.keys(response.data)[0] ?? '';
/** Replaces the value of the top-level field. */
export const value = (change: (value: GraphQlResponse) => unknown, errors?: readonly object[]): Trouble => ({
  alter: (response) => ({ data: { [field(response)]: change(response.data[field(response)]) }, errors }),
});
export const pools = (changed: object): Trouble => value(([pool]) => [{ ...pool, ...changed }]);
export const one = (changed: object): Trouble => value((pool) => ({ ...pool, ...changed }));
export const worker = (changed: object): Trouble =>
  value((pool) => ({ ...pool, workers: [{ ...pool.workers[0], ...changed }] }));
export const error = (message: string, rest: object = {}): Trouble => ({ errors: [{ message, ...rest }] });

export const page = (title: string) =>
  `<!DOCTYPE html>\n<html><head><title>${title}</title></head><body>no</body></html>`;
export const PAGE = { 'content-type': 'text/html; charset=utf-8' };
