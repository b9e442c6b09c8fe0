import { readFileSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { isSystemError, UserError } from '../core/errors.ts';
import { cannotRead } from './failure.ts';

/** Reads standard input as it comes. @throws UserError `SPACECTL_CANNOT_READ`; `SPACECTL_BAD_INPUT` for a second time */
export async function* readStandardInput(): AsyncGenerator<Buffer> {
  if (process.stdin.readableEnded) throw alreadyRead();
  try {
    yield* process.stdin;
  } catch (cause) {
    throw cannotRead('standard input', cause);
  }
}

/** Reads a file, or standard input for `-`. @throws UserError `SPACECTL_CANNOT_READ`; `SPACECTL_BAD_INPUT` for a second `-` */
export async function readInput(file: string): Promise<Buffer> {
  if (file !== '-') return readWhole(file);
  if (process.stdin.readableEnded) throw alreadyRead();
  try {
    return await collect(process.stdin);
  } catch (cause) {
    throw cannotRead('standard input', cause);
  }
}

/** Reads a file that must exist, also a pipe or a device. @throws UserError `SPACECTL_CANNOT_READ` */
export async function readWhole(file: string): Promise<Buffer> {
  return orCannotRead(file, () => read(file, true));
}

/** Reads a file that must exist; does not wait for a pipe. @throws UserError `SPACECTL_CANNOT_READ` */
export async function readPlaced(file: string): Promise<Buffer> {
  return orCannotRead(file, () => read(file, isDescriptor(file)));
}

/**
 * Reads a file, or returns `undefined` if it does not exist. Does not wait for a pipe, unless it has no name but that of a
 * descriptor, as a shell's `<(…)` has.
 * @throws UserError `SPACECTL_CANNOT_READ` for other reasons
 */
export async function readFileIfExists(file: string): Promise<Buffer | undefined> {
  try {
    return await read(file, isDescriptor(file));
  } catch (cause) {
    if (isSystemError(cause, 'ENOENT', 'ENOTDIR')) return undefined;
    throw cannotRead(file, cause);
  }
}

/** An open file, for reading parts of it. */
export type ReadableFile = Pick<FileHandle, 'read' | 'readFile' | 'stat' | 'close' | 'createReadStream'>;

/** Opens a file to read parts of it. @throws UserError `SPACECTL_CANNOT_READ` */
export async function openToRead(file: string): Promise<ReadableFile> {
  return orCannotRead(file, () => open(file, 'r'));
}

async function orCannotRead<T>(file: string, operation: () => Promise<T> | T): Promise<T> {
  try {
    return await operation();
  } catch (cause) {
    throw cannotRead(file, cause);
  }
}

/** Larger than any certificate, key or launcher, and smaller than the longest string. */
const MAX_BYTES = 256 * 1024 * 1024;
const TOO_LARGE = 'it is larger than 256 MiB';

/** Up to this size, reading synchronously is faster than using another thread, which takes six calls. */
const SMALL = 1024 * 1024;

function alreadyRead(): UserError {
  return new UserError('SPACECTL_BAD_INPUT', 'Standard input (-) was already read: use it for one input only');
}

/** Reads a whole file, pipe or device. @param mayWait whether to wait for the writer of a pipe */
async function read(file: string, mayWait: boolean): Promise<Buffer> {
  const found = statSync(file);
  if (!mayWait && (found.isFIFO() || found.isSocket())) throw new Error('it is a pipe or a socket, not a file');
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

/** Reports whether a path names an open descriptor, as that of a shell's `<(…)` does. */
function isDescriptor(file: string): boolean {
  return /^\/(?:dev|proc\/[^/]+)\/fd\/\d+$/.test(file);
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
