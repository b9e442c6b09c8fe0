import { readlinkSync } from 'node:fs';
import { hostname } from 'node:os';
import { isSystemError } from '../core/errors.ts';
import { sha256 } from '../core/sha256.ts';

/** A process that something on disk belongs to. */
export interface Owner {
  /** The machine, or the container on it: process ids mean nothing elsewhere. */
  readonly host: string;
  readonly processId: number;
  /** Tells a process from an earlier one of the same number: in a container that is the rule. */
  readonly session: string;
}

/** The process-id namespace of a machine itself (Linux, `PROC_PID_INIT_INO`); it is the same after every start. */
const FIRST_NAMESPACE = 'pid:[4026531836]';

const SESSION = crypto.randomUUID();

let own: Owner | undefined;

/** This process. */
export function ownOwner(): Owner {
  own ??= { host: hostOf(hostname(), pidNamespace()), processId: process.pid, session: SESSION };
  return own;
}

/** Containers may share the host's name, as with `docker run --network host`: then their namespaces tell them apart. */
function hostOf(name: string, namespace: string | undefined): string {
  return namespace === undefined || namespace === FIRST_NAMESPACE ? name : `${name} ${namespace}`;
}

function pidNamespace(): string | undefined {
  try {
    return readlinkSync('/proc/self/ns/pid');
  } catch {
    return undefined;
  }
}

/** Whether an owner is certainly gone. Of another machine's processes nothing can be known: they never are. */
export function isGone({ host, processId, session }: Owner): boolean {
  const me = ownOwner();
  if (host !== me.host) return false;
  return processId === me.processId ? session !== me.session : !isRunning(processId);
}

/** Whether there is a process of this id here. */
function isRunning(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return !isSystemError(error, 'ESRCH');
  }
}

/** An owner as part of a file's name, without a dot: `HOST-PID-SESSION`, the host as a digest. */
export function formatOwner({ host, processId, session }: Owner): string {
  return `${shortDigestOf(host)}-${processId}-${session}`;
}

/** Whether the owner in a file's name is certainly gone; of a name that says none, that is not known. */
export function isGoneByName(text: string): boolean {
  const [, digest, processId, session] = /^([0-9a-f]{8})-(\d+)-([0-9a-f-]+)$/.exec(text) ?? [];
  if (digest === undefined || processId === undefined || session === undefined) return false;
  const { host } = ownOwner();
  return digest === shortDigestOf(host) && isGone({ host, processId: Number(processId), session });
}

function shortDigestOf(host: string): string {
  return sha256(host).slice(0, 8);
}
