import { createPrivateKey, createPublicKey } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** A file as a run left it. */
export interface FoundFile {
  /** From the directory, with dates and IDs as placeholders, so that two runs can be compared. */
  readonly name: string;
  readonly mode: number;
  readonly bytes: Buffer;
}

const TEMPORARY = /\.spacectl-(?:tmp|part)$/;
/** Reports whether a name is that of a lock. */
export const isLock = (name: string) => LOCK.test(name);

const LOCK = /(?:\.spacectl\.lock|\.json\.lock)(?:\.stale)?$/;

/** What a run left in a directory. */
export interface State {
  readonly files: readonly FoundFile[];
  /** Temporary and lock files. */
  readonly leftOver: readonly FoundFile[];
}

/** Reads all files below a directory. */
export async function stateOf(folder: string): Promise<State> {
  const names = await readdir(folder, { recursive: true }).catch(() => []);
  const found: FoundFile[] = [];
  for (const name of names.sort()) {
    const file = path.join(folder, name);
    const stats = await lstat(file);
    if (!stats.isFile()) continue;
    // Some files name the directory that they are in.
    const text = (await readFile(file, 'latin1')).replaceAll(folder, 'DIR');
    found.push({ name: withoutDates(name), mode: stats.mode & 0o777, bytes: Buffer.from(text, 'latin1') });
  }
  const isLeftOver = ({ name }: FoundFile) => TEMPORARY.test(name) || isLock(name);
  return { files: found.filter((file) => !isLeftOver(file)), leftOver: found.filter(isLeftOver) };
}

function withoutDates(name: string): string {
  return name.replace(/\.\d{4}-?\d\d-?\d\d[T0-9:.Z-]*/, '.DATE').replace(/-01[0-9A-HJKMNP-TV-Z]{24}/, '-ID');
}

/** The public keys of all private keys in the files, whole ones only. */
export function publicKeysIn(files: readonly FoundFile[]): ReadonlySet<string> {
  return new Set(files.flatMap(({ bytes }) => publicKeyOf(bytes) ?? []));
}

function publicKeyOf(bytes: Buffer): string | undefined {
  if (!bytes.includes('PRIVATE KEY')) return undefined;
  try {
    return createPublicKey(createPrivateKey(bytes)).export({ type: 'spki', format: 'der' }).toString('hex');
  } catch {
    return undefined;
  }
}

/** Reports whether a file that no other run writes alike is whole. `undefined` if it is to be compared with other runs. */
export function isWhole({ name, bytes }: FoundFile): boolean | undefined {
  const text = bytes.toString('latin1');
  if (/spacelift\.key/.test(name)) return publicKeyOf(bytes) !== undefined;
  if (name.endsWith('.csr')) return /^-----BEGIN .*-----END CERTIFICATE REQUEST-----\s*$/s.test(text);
  if (/\.config/.test(name)) return isJson(Buffer.from(text, 'base64').toString('latin1'));
  if (/\.json$|unfinished$/.test(name)) return text === '' || isJson(text);
  return undefined;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
