import { createHmac, createPrivateKey, createPublicKey, pbkdf2Sync } from 'node:crypto';
import { lstat, readdir, readFile } from 'node:fs/promises';
import path from 'node:path';

/** The password of the vaults of Ansible that tests render. */
export const VAULT_PASSWORD = 'a password for tests';

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
  if (name.endsWith('vault.yml')) return isWholeVault(text);
  return undefined;
}

/** Reports whether nothing of a vault of Ansible is missing, by its code (lib/ansible/parsing/vault, VaultAES256). */
function isWholeVault(text: string): boolean {
  const [, ...lines] = text.split('\n');
  const parts = Buffer.from(lines.join(''), 'hex').toString('latin1').split('\n');
  const [salt, code, encrypted] = parts.map((part) => Buffer.from(part, 'hex'));
  if (!salt || !code || !encrypted) return false;
  const key = pbkdf2Sync(VAULT_PASSWORD, salt, 10_000, 80, 'sha256').subarray(32, 64);
  return createHmac('sha256', key).update(encrypted).digest().equals(code);
}

/** Reports whether a file must not be readable by others. */
export function isSecret({ name, bytes }: FoundFile): boolean {
  return (
    /-----BEGIN [A-Z ]*PRIVATE KEY-----\s+\w/.test(bytes.toString('latin1')) ||
    /secrets\.env(?!\.j2)|\.config/.test(name)
  );
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
