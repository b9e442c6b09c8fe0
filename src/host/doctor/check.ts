import type { HttpClient } from '../../http/index.ts';
import type { Environment } from '../../launcher/index.ts';
import type { Token } from '../../pki/index.ts';

/** What a check found. A warning does not fail the diagnosis; a skipped check says why. */
export interface Finding {
  readonly status: 'good' | 'warning' | 'bad' | 'skipped';
  /** Subject, if a check has several: an endpoint, a file. */
  readonly about?: string;
  /** What was seen: values, never secrets. */
  readonly evidence: string;
  /** How to fix it. */
  readonly fix?: string;
}

/** One check of the doctor. Checks only read. */
export interface Check {
  readonly id: string;
  readonly title: string;
  /** `always`: also before an installation. */
  readonly stage: 'always' | 'installed';
  run(host: HostFacts): Promise<Finding | readonly Finding[]>;
}

/** Facts about the host, gathered once for all checks. */
export interface HostFacts {
  readonly signal: AbortSignal;
  readonly client: HttpClient;
  /** The folder given with `--dir`, which need not be a pool's. */
  readonly dir: string;
  /** The launcher's settings, from its environment files. */
  readonly settings: Readonly<Record<string, string>>;
  readonly environmentFiles: readonly EnvironmentFile[];
  /** The file with token and key, or the pool's folder instead; `undefined` if neither is readable. */
  readonly secrets: EnvironmentFile | undefined;
  /** The pool's token, if it is readable. */
  readonly token: Token | undefined;
  readonly environment: Environment;
  readonly comms: Comms;
  /** Additional servers that a worker needs: `host:port`. */
  readonly endpoints: readonly string[];
  readonly account: string | undefined;
  /** The runner image of the workers. */
  readonly image: string;
  readonly keyServer: string;
  readonly fingerprint: string;
  /** Whether checks may start containers. */
  readonly mayRunContainers: boolean;
}

/** How a host's launcher talks to Spacelift. */
export interface Comms {
  readonly protocol: 'poll' | 'mqtt';
  /** Whether a setting chooses the protocol. Without one the launcher uses MQTT; without any settings it is not installed. */
  readonly origin: 'set' | 'unset' | 'not installed';
  /** The server that workers poll, if a setting has a valid URL. */
  readonly url?: string;
}

/** An environment file of the service, as systemd reads it. */
export interface EnvironmentFile {
  readonly path: string;
  readonly mode: number;
  readonly owner: number;
  readonly variables: Readonly<Record<string, string>>;
  /** Numbers of the lines that systemd ignores. */
  readonly badLines: readonly number[];
}

/** Returns a finding that everything is fine. */
export const good = (evidence: string, about?: string): Finding => ({
  status: 'good',
  evidence,
  ...(about && { about }),
});
/** Returns a finding that fails the diagnosis. */
export const bad = (evidence: string, fix: string, about?: string): Finding => ({
  status: 'bad',
  evidence,
  fix,
  ...(about && { about }),
});
/** Returns a finding that does not fail the diagnosis. */
export const warning = (evidence: string, fix: string, about?: string): Finding => ({
  status: 'warning',
  evidence,
  fix,
  ...(about && { about }),
});
/** Returns why a check was skipped. */
export const skipped = (evidence: string): Finding => ({ status: 'skipped', evidence });
