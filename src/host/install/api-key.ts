import { placeIn } from './install-record.ts';

/** An API key with which `spacelift-recycle` drains the worker. Nothing that is rendered writes it. */
export const API_KEY_FILE = '/etc/spacelift/api.env';

/** Warns of an API key on a host. */
export function apiKeyWarning(root: string | undefined): string {
  return `${placeIn(root, API_KEY_FILE)} holds an API key, which everyone who can use the engine's socket can read. Remove it, and drain from another machine: spacectl workerpool worker drain`;
}
