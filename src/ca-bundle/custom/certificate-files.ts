import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';

/** Names of files that count as certificates in a folder. */
export const CERTIFICATE_FILE = /\.(?:pem|crt|cer|der|p7b|p7c)$/i;

/** The files of a folder that count as certificates, and what is called like one and is not. */
export interface CertificateFiles {
  /** Sorted by name. */
  readonly files: readonly string[];
  /** `certificates/old.crt is a directory` */
  readonly skipped: readonly string[];
}

/** Lists the files of a folder that count as certificates. @throws Node's own Error */
export async function certificateFilesIn(folder: string): Promise<CertificateFiles> {
  const names = (await readdir(folder)).filter((file) => CERTIFICATE_FILE.test(file)).sort();
  const files: string[] = [];
  const skipped: string[] = [];
  for (const name of names) {
    const file = path.join(folder, name);
    const obstacle = await obstacleTo(file, name);
    if (obstacle === undefined) files.push(file);
    else skipped.push(`${file} ${obstacle}`);
  }
  return { files, skipped };
}

/** Says why an entry of a folder is not a certificate file; `undefined` if it may be one. */
async function obstacleTo(file: string, name: string): Promise<string | undefined> {
  // AppleDouble files hold attributes of the file with the rest of the name (RFC 1740).
  if (name.startsWith('._')) return 'has attributes that macOS keeps, and no certificate';
  const found = await stat(file).catch(() => undefined);
  if (!found) return 'is a link to nothing';
  if (found.isDirectory()) return 'is a directory';
  return found.isFile() ? undefined : 'is not a file';
}
