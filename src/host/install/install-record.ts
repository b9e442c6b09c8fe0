import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { readFileIfThere } from '../../files/read.ts';

/** What an installation has put on a host: what status compares, and all that uninstall takes away. */
export interface InstallRecord {
  readonly version: 1;
  readonly files: readonly RecordedFile[];
  readonly units: readonly string[];
  /** Whether the user `spacelift` was made by the installation, and which folders were. */
  readonly madeUser: boolean;
  readonly madeFolders: readonly string[];
  /** What the service itself makes while it runs, beside the launcher. */
  readonly generated?: readonly string[];
}

/** Nothing is installed. */
export const EMPTY_RECORD: InstallRecord = { version: 1, files: [], units: [], madeUser: false, madeFolders: [] };

export interface RecordedFile {
  /** On the host, without the folder given by --root. */
  readonly path: string;
  readonly mode: number;
  readonly isSecret: boolean;
  /** Hexadecimal; not for secrets. */
  readonly sha256?: string;
}

export const RECORD_FILE = '/var/lib/spacectl/host.json';
export const LAUNCHER = '/usr/local/bin/spacelift-launcher';
export const SERVICE = 'spacelift-launcher.service';
export const FOLDERS = ['/opt/spacelift', '/var/log/spacelift'] as const;

/** A place on the host, or in the tree that --root names. */
export function placeIn(root: string | undefined, file: string): string {
  return root === undefined ? file : path.join(path.resolve(root), file);
}

/** Whether there is something at a place of the host. */
export async function isThere(file: string, root: string | undefined): Promise<boolean> {
  return (await lstat(placeIn(root, file)).catch(() => undefined)) !== undefined;
}

/** Reads what an installation left. @throws UserError `SPACECTL_BAD_DATA` where it is damaged */
export async function readRecord(root: string | undefined): Promise<InstallRecord | undefined> {
  const file = placeIn(root, RECORD_FILE);
  const bytes = await readFileIfThere(file);
  if (!bytes) return undefined;
  try {
    const record = JSON.parse(bytes.toString('utf8'));
    if (record?.version === 1 && Array.isArray(record.files) && Array.isArray(record.units)) return record;
  } catch {
    // Said below.
  }
  throw new UserError('SPACECTL_BAD_DATA', `${file} is damaged: nobody knows what was installed`, {
    suggestions: [`rm ${file}`, 'Then install again with the same answers: spacectl host install'],
  });
}

export function formatRecord(record: InstallRecord): string {
  return `${JSON.stringify(record, null, 2)}\n`;
}
