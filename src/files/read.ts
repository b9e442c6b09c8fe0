import { readFileSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { isSystemError, UserError } from '../core/errors.ts';

/** Reads a file; `-` is standard input. @throws UserError `SPACECTL_CANNOT_READ`; `SPACECTL_BAD_INPUT` for a second `-` */
export async function readInput(file: string): Promise<Buffer> {
  if (file !== '-') return readWhole(file);
  if (process.stdin.readableEnded) {
    throw new UserError('SPACECTL_BAD_INPUT', 'Standard input (-) can stand for one thing only, and was read already');
  }
  try {
    return await collect(process.stdin);
  } catch (cause) {
    throw cannotRead('standard input', cause);
  }
}

/** Reads a file that has to be there. @throws UserError `SPACECTL_CANNOT_READ` */
export async function readWhole(file: string): Promise<Buffer> {
  try {
    return await read(file);
  } catch (cause) {
    throw cannotRead(file, cause);
  }
}

/** Reads a file that may be missing. @throws UserError `SPACECTL_CANNOT_READ` for any other reason */
export async function readFileIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await read(file);
  } catch (cause) {
    if (isSystemError(cause, 'ENOENT', 'ENOTDIR')) return undefined;
    throw cannotRead(file, cause);
  }
}

/** More than any certificate, key or launcher has, and less than a string can hold. */
const LARGEST = 256 * 1024 * 1024;
const TOO_LARGE = 'it has more than the 256 MiB that are read';

/** Bytes that are read at once: it takes less time than having another thread do it, which takes six calls. */
const SMALL = 1024 * 1024;

/** A whole file of any kind: a pipe or a device does not say how much there is to come. */
async function read(file: string): Promise<Buffer> {
  const found = statSync(file);
  // What says it is empty may be a window into the kernel, and never end.
  if (found.isFile() && found.size > 0 && found.size <= SMALL) return readFileSync(file);
  const handle = await open(file);
  try {
    const stats = await handle.stat();
    if (stats.size > LARGEST) throw new Error(TOO_LARGE);
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
    if (size > LARGEST) throw new Error(TOO_LARGE);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const REASONS: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  ENOTDIR: 'part of its path is not a directory',
  EISDIR: 'it is a directory',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
};

function cannotRead(file: string, cause: unknown): UserError {
  const code = isSystemError(cause, ...Object.keys(REASONS)) ? cause.code : undefined;
  const reason = (code && REASONS[code]) ?? (cause instanceof Error ? cause.message : String(cause));
  return new UserError('SPACECTL_CANNOT_READ', `Cannot read ${file}: ${reason}`, { cause });
}
