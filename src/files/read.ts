import { readFile } from 'node:fs/promises';
import { isSystemError, UserError } from '../step/errors.ts';

/** Reads a file; `-` is standard input. @throws UserError `SPACECTL_CANNOT_READ`; `SPACECTL_BAD_INPUT` for a second `-` */
export async function readInput(file: string): Promise<Buffer> {
  if (file !== '-') return readWhole(file);
  if (process.stdin.readableEnded) {
    throw new UserError('SPACECTL_BAD_INPUT', 'Standard input (-) can stand for one thing only, and was read already');
  }
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of process.stdin) chunks.push(chunk as Buffer);
  } catch (cause) {
    throw cannotRead('standard input', cause);
  }
  return Buffer.concat(chunks);
}

/** Reads a file that has to be there. @throws UserError `SPACECTL_CANNOT_READ` */
export async function readWhole(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw cannotRead(file, cause);
  }
}

/** Reads a file that may be missing. @throws UserError `SPACECTL_CANNOT_READ` for any other reason */
export async function readFileIfThere(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (cause) {
    if (isSystemError(cause, 'ENOENT', 'ENOTDIR')) return undefined;
    throw cannotRead(file, cause);
  }
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
