import { lstat } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { UserError } from '../../core/errors.ts';
import { BadJson, readJson } from '../../core/json.ts';
import { readFileIfExists } from '../../files/read.ts';

const recordedFile = v.object({
  /** On the host, without the folder given by --root. */
  path: v.string(),
  mode: v.number(),
  isSecret: v.boolean(),
  /** Hexadecimal; not for secrets. */
  sha256: v.exactOptional(v.string()),
});

/** A file in the install record. */
export type RecordedFile = Readonly<v.InferOutput<typeof recordedFile>>;

/** Schema of the install record. */
export const installRecord = v.object({
  version: v.literal(1),
  files: v.pipe(v.array(recordedFile), v.readonly()),
  units: v.pipe(v.array(v.string()), v.readonly()),
  /** Whether the installation created the user `spacelift`. */
  madeUser: v.boolean(),
  /** The folders that the installation created. */
  madeFolders: v.pipe(v.array(v.string()), v.readonly()),
  /** Files that the running service generates, except the launcher. */
  generated: v.exactOptional(v.pipe(v.array(v.string()), v.readonly())),
});

/** What an installation put on a host: what `status` compares and `uninstall` removes. */
export type InstallRecord = Readonly<v.InferOutput<typeof installRecord>>;

/** The record of a host without an installation. */
export const EMPTY_RECORD: InstallRecord = { version: 1, files: [], units: [], madeUser: false, madeFolders: [] };

export const RECORD_FILE = '/var/lib/spacectl/host.json';
export const LAUNCHER = '/usr/local/bin/spacelift-launcher';
/** Where the updater keeps the signing key and the newest signing time. Only root may write there. */
export const LAUNCHER_STATE = '/var/lib/spacelift-launcher';
export const SERVICE = 'spacelift-launcher.service';
export const FOLDERS = ['/opt/spacelift', '/var/log/spacelift'] as const;

/** Returns a path on the host, or in the tree that --root names. */
export function placeIn(root: string | undefined, file: string): string {
  return root === undefined ? file : path.join(path.resolve(root), file);
}

/** Reports whether a path of the host exists. */
export async function exists(file: string, root: string | undefined): Promise<boolean> {
  return (await lstat(placeIn(root, file)).catch(() => undefined)) !== undefined;
}

/** Reads the install record. @throws UserError `SPACECTL_BAD_DATA` if it is damaged */
export async function readRecord(root: string | undefined): Promise<InstallRecord | undefined> {
  const file = placeIn(root, RECORD_FILE);
  const bytes = await readFileIfExists(file);
  if (!bytes) return undefined;
  try {
    return readJson(installRecord, bytes.toString('utf8'));
  } catch (cause) {
    if (!(cause instanceof BadJson)) throw cause;
    const message = `The install record ${file} is damaged: ${cause.message}`;
    throw new UserError('SPACECTL_BAD_DATA', message, {
      suggestions: [
        { command: `rm ${file}` },
        { text: 'Then install again with the same answers', command: 'spacectl host install' },
      ],
      cause,
    });
  }
}

/** Formats the install record for its file, byte for byte as `templates/systemd/install.sh` writes it. */
export function formatRecord({ version, files, units, madeUser, madeFolders, generated }: InstallRecord): string {
  return `${JSON.stringify({ version, files, units, madeUser, madeFolders, generated })}\n`;
}
