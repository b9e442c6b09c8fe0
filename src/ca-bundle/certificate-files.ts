import { readdir } from 'node:fs/promises';
import path from 'node:path';

/** Names of files that count as certificates in a folder. */
export const CERTIFICATE_FILE = /\.(?:pem|crt|cer|der|p7b|p7c)$/i;

/** Lists the files of a folder that count as certificates, sorted by name. @throws Node's own Error */
export async function certificateFilesIn(folder: string): Promise<readonly string[]> {
  const names = (await readdir(folder)).filter((file) => CERTIFICATE_FILE.test(file)).sort();
  return names.map((file) => path.join(folder, file));
}
