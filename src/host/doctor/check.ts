import type { HttpClient } from '../../http/index.ts';
import type { Environment } from '../../launcher/index.ts';
import type { Token } from '../../pki/index.ts';

/** What a check found. A warning is worth knowing and no reason to fail; skipped says why it could not be checked. */
export interface Finding {
  readonly status: 'good' | 'warning' | 'bad' | 'skipped';
  /** Which of several things it is about: an endpoint, a file. */
  readonly about?: string;
  /** What was seen: values, never secrets. */
  readonly evidence: string;
  /** What to do about it, where there is something to do. */
  readonly fix?: string;
}

/** One thing the doctor looks at. Checks read, and change nothing. */
export interface Check {
  readonly id: string;
  readonly title: string;
  /** `always`: also before anything is installed. */
  readonly stage: 'always' | 'installed';
  run(host: Examined): Promise<Finding | readonly Finding[]>;
}

/** What all checks look at: gathered once. */
export interface Examined {
  readonly signal: AbortSignal;
  readonly client: HttpClient;
  /** The launcher's settings, from its environment files. */
  readonly settings: Readonly<Record<string, string>>;
  readonly environmentFiles: readonly EnvironmentFile[];
  /** The file with token and key, or the pool's folder in its place; absent where neither can be read. */
  readonly secrets: EnvironmentFile | undefined;
  /** The pool's token, where there is one that can be read. */
  readonly token: Token | undefined;
  readonly environment: Environment;
  readonly comms: Comms;
  /** Further servers a worker needs: `host:port`. */
  readonly endpoints: readonly string[];
  readonly account: string | undefined;
  /** The runner image workers use. */
  readonly image: string;
  readonly keyServer: string;
  readonly fingerprint: string;
  /** Whether the engine may be asked to start a container. */
  readonly mayRunContainers: boolean;
}

/** How a host's launcher talks to Spacelift. */
export interface Comms {
  readonly protocol: 'poll' | 'mqtt';
  /** Whether a setting says so. A launcher that none tells uses MQTT; one without any settings is not installed yet. */
  readonly origin: 'set' | 'unset' | 'not installed';
  /** The server that is polled, where a setting names one that can be read. */
  readonly url?: string;
}

/** An environment file of the service, as systemd reads it. */
export interface EnvironmentFile {
  readonly path: string;
  readonly mode: number;
  readonly owner: number;
  readonly variables: Readonly<Record<string, string>>;
  /** Lines systemd would leave out. */
  readonly badLines: readonly number[];
}

export const good = (evidence: string, about?: string): Finding => ({
  status: 'good',
  evidence,
  ...(about && { about }),
});
export const bad = (evidence: string, fix: string, about?: string): Finding => ({
  status: 'bad',
  evidence,
  fix,
  ...(about && { about }),
});
export const warning = (evidence: string, fix: string, about?: string): Finding => ({
  status: 'warning',
  evidence,
  fix,
  ...(about && { about }),
});
export const skipped = (evidence: string): Finding => ({ status: 'skipped', evidence });
