import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { isSystemError } from '../core/errors.ts';
import { sha256 } from '../core/sha256.ts';

/** The process that a lock or a temporary file belongs to. */
export interface Owner {
  /** The machine, or the container on it, in which the process id is valid. */
  readonly host: string;
  readonly processId: number;
  /** Tells a process from an earlier one with the same id. In containers, ids repeat at every start. */
  readonly session: string;
}

/** The process-id namespace of the machine itself, which is the same at every boot (Linux, `PROC_PID_INIT_INO`). */
const INITIAL_NAMESPACE = 'pid:[4026531836]';

const SESSION = crypto.randomUUID();

let current: Owner | undefined;

/** Returns the owner that stands for this process. */
export function currentOwner(): Owner {
  current ??= { host: hostOf(hostname(), pidNamespace()), processId: process.pid, session: SESSION };
  return current;
}

/** Adds the namespace where needed: containers may share the host's name, as with `docker run --network host`. */
function hostOf(name: string, namespace: string | undefined): string {
  return namespace === undefined || namespace === INITIAL_NAMESPACE ? name : `${name} ${namespace}`;
}

function pidNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}

/** Reports whether an owner has certainly ended. For processes of other machines it returns `false`. */
export function isGone({ host, processId, session }: Owner): boolean {
  const me = currentOwner();
  if (host !== me.host) return false;
  return processId === me.processId ? session !== me.session : !isRunning(processId);
}

/** Reports whether a process with this id runs here. */
function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return !isSystemError(error, 'ESRCH');
  }
}

/** Formats an owner as part of a file name, without a dot: `HOST-PID-SESSION`, the host as a digest. */
export function formatOwner({ host, processId, session }: Owner): string {
  return `${shortDigestOf(host)}-${processId}-${session}`;
}

/** Reports whether the owner in a file name has certainly ended. @returns `false` if the name contains no owner */
export function isGoneByName(text: string): boolean {
  const [, digest, processId, session] = /^([0-9a-f]{8})-(\d+)-([0-9a-f-]+)$/.exec(text) ?? [];
  if (digest === undefined || processId === undefined || session === undefined) return false;
  const { host } = currentOwner();
  return digest === shortDigestOf(host) && isGone({ host, processId: Number(processId), session });
}

function shortDigestOf(host: string): string {
  return sha256(host).slice(0, 8);
}
