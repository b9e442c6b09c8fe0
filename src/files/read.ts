import { readFileSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { isSystemError, systemErrorCode, UserError } from '../core/errors.ts';

/** Reads a file, or standard input for `-`. @throws UserError `SPACECTL_CANNOT_READ`; `SPACECTL_BAD_INPUT` for a second `-` */
export async function readInput(file: string): Promise<Buffer> {
  if (file !== '-') return readWhole(file);
  if (process.stdin.readableEnded) {
    throw new UserError('SPACECTL_BAD_INPUT', 'Standard input (-) was already read: use it for one input only');
  }
  try {
    return await collect(process.stdin);
  } catch (cause) {
    throw cannotRead('standard input', cause);
  }
}

/** Reads a file that must exist. @throws UserError `SPACECTL_CANNOT_READ` */
export async function readWhole(file: string): Promise<Buffer> {
  try {
    return await read(file);
  } catch (cause) {
    throw cannotRead(file, cause);
  }
}

/** Reads a file, or returns `undefined` if it does not exist. @throws UserError `SPACECTL_CANNOT_READ` for other reasons */
export async function readFileIfExists(file: string): Promise<Buffer | undefined> {
  try {
    return await read(file);
  } catch (cause) {
    if (isSystemError(cause, 'ENOENT', 'ENOTDIR')) return undefined;
    throw cannotRead(file, cause);
  }
}

/** Larger than any certificate, key or launcher, and smaller than the longest string. */
const MAX_BYTES = 256 * 1024 * 1024;
const TOO_LARGE = 'it is larger than 256 MiB';

/** Up to this size, reading synchronously is faster than using another thread, which takes six calls. */
const SMALL = 1024 * 1024;

/** Reads a whole file, pipe or device. */
async function read(file: string): Promise<Buffer> {
  const found = statSync(file);
  // Files in /proc and /sys report size 0, and some of them never end.
  if (found.isFile() && found.size > 0 && found.size <= SMALL) return readFileSync(file);
  const handle = await open(file);
  try {
    const stats = await handle.stat();
    if (stats.size > MAX_BYTES) throw new Error(TOO_LARGE);
    return stats.isFile() ? await handle.readFile() : await collect(handle.createReadStream({ autoClose: false }));
  } finally {
    await handle.close();
  }
}

async function collect(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of stream) {
    size += chunk.length;
    if (size > MAX_BYTES) throw new Error(TOO_LARGE);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'no such file or directory',
  ENOTDIR: 'a part of its path is not a directory',
  ESTALE: 'the file was removed on the file server',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
};

function cannotRead(file: string, cause: unknown): UserError {
  const reason = REASONS[systemErrorCode(cause) ?? ''] ?? (cause instanceof Error ? cause.message : String(cause));
  return new UserError('SPACECTL_CANNOT_READ', `Cannot read ${file}: ${reason}`, { cause });
}
