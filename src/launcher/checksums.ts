import { UserError } from '../core/errors.ts';

/**
 * The digest of one file out of a SHA256SUMS file (coreutils' format: digest, blanks, `*` for binary, name). The line has
 * to name the file, exactly once; a file that holds one bare digest and nothing else speaks of the file it is beside.
 *
 * @throws UserError `SPACECTL_DIGEST_MISMATCH` naming what the file has instead
 */
export function digestFor(sums: Uint8Array, name: string): string {
  const lines = Buffer.from(sums)
    .toString('latin1')
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '')
    .map((line) => /^([0-9a-f]{64})(?:\s+\*?(.*\/)?([^/\s]+))?\s*$/i.exec(line));
  if (lines.some((line) => line === null)) throw bad(`The checksums for ${name} are no SHA-256 checksums`);
  const named = lines.filter((line) => line?.[3] === name);
  const [bare] = lines;
  const line = lines.length === 1 && bare && bare[3] === undefined ? bare : named.length === 1 ? named[0] : undefined;
  if (line?.[1]) return line[1].toLowerCase();
  if (named.length > 1) throw bad(`The checksums name ${name} ${named.length} times: which line counts is unclear`);
  const others = lines.flatMap((each) => each?.[3] ?? []).join(', ');
  throw bad(`The checksums have no line for ${name}${others ? `; they are for ${others}` : ''}`);
}

function bad(message: string): UserError {
  return new UserError('SPACECTL_DIGEST_MISMATCH', message, {
    suggestions: ['Is it the right --environment, --domain and --arch? If so, do not use this file'],
  });
}
