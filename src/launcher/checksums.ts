import { UserError } from '../core/errors.ts';
import { counted } from '../core/text.ts';

/**
 * Finds the digest of a file in a SHA256SUMS file (coreutils' format: digest, blanks, `*` for binary, name). Exactly one
 * line must name the file. A SHA256SUMS file that contains only a digest applies to the file it belongs to.
 *
 * @throws UserError `SPACECTL_DIGEST_MISMATCH` that lists the names in the file
 */
export function digestFor(sums: Uint8Array, name: string): string {
  const lines = Buffer.from(sums)
    .toString('latin1')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => /^([0-9a-f]{64})(?:\s+\*?(.*\/)?([^/\s]+))?\s*$/i.exec(line));
  if (lines.some((line) => line === null))
    throw bad(`The checksum file for ${name} does not contain SHA-256 checksums`);
  const named = lines.filter((line) => line?.[3] === name);
  const [bare] = lines;
  const line = lines.length === 1 && bare && bare[3] === undefined ? bare : named.length === 1 ? named[0] : undefined;
  if (line?.[1]) return line[1].toLowerCase();
  if (named.length > 1) throw bad(`The checksum file contains ${name} ${counted(named.length, 'time')}`);
  const others = lines.flatMap((each) => each?.[3] ?? []).join(', ');
  throw bad(`The checksum file does not contain ${name}${others ? `, only ${others}` : ''}`);
}

function bad(message: string): UserError {
  return new UserError('SPACECTL_DIGEST_MISMATCH', message, {
    suggestions: ['Check --environment, --domain and --arch. If they are right, do not use this file'],
  });
}
