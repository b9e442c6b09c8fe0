import { isSystemError, systemErrorCode, UserError } from '../core/errors.ts';

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk quota is exceeded',
  ESTALE: 'the file was removed on the file server',
  EROFS: 'the file system is read-only',
  EACCES: 'permission denied',
  EPERM: 'permission denied',
  ENOTDIR: 'a part of its path is not a directory',
  EISDIR: 'it is a directory',
  ENAMETOOLONG: 'its name is too long',
  ELOOP: 'it is a symbolic link, or its path has too many of them',
};

const READING_REASONS: typeof REASONS = { ...REASONS, ENOENT: 'no such file or directory' };

/** Creates the error for a file or directory that could not be written, changed or removed. */
export function cannotWrite(file: string, cause: unknown): UserError {
  if (cause instanceof UserError) return cause;
  if (isVanished(cause)) return vanishedFolder(cause);
  if (isSystemError(cause, 'EEXIST')) {
    return new UserError('SPACECTL_WOULD_OVERWRITE', `${file} already exists, and spacectl never overwrites it`, {
      cause,
    });
  }
  return new UserError('SPACECTL_CANNOT_WRITE', `Cannot write ${file}: ${reasonOf(cause, REASONS)}`, { cause });
}

/** Creates the error for a file that could not be read. */
export function cannotRead(file: string, cause: unknown): UserError {
  if (cause instanceof UserError) return cause;
  if (isVanished(cause)) return vanishedFolder(cause);
  return new UserError('SPACECTL_CANNOT_READ', `Cannot read ${file}: ${reasonOf(cause, READING_REASONS)}`, { cause });
}

/** Runs an operation on a file. @throws UserError `SPACECTL_CANNOT_WRITE` that names the file if the system reports an error */
export async function orCannotWrite<T>(file: string, operation: () => Promise<T>): Promise<T> {
  try {
    return await operation();
  } catch (cause) {
    throw cannotWrite(file, cause);
  }
}

function reasonOf(cause: unknown, reasons: typeof REASONS): string {
  const known = reasons[systemErrorCode(cause) ?? ''];
  if (known !== undefined) return known;
  // Node adds the path, which may be one of /proc that means nothing to people.
  return cause instanceof Error ? cause.message.replace(/ '.*$/s, '') : String(cause);
}

/** System calls that Node makes for reading. Others are taken to be for writing. */
const READING_CALLS: readonly string[] = ['open', 'read', 'stat', 'lstat', 'scandir', 'readlink', 'realpath', 'access'];

/**
 * Turns Node's error for a failed system call on a file into one that the user understands. The doors to the disk do so with
 * the words that fit; this is for calls that pass none of them.
 * @returns `undefined` for other values
 */
export function describeSystemError(error: unknown): UserError | undefined {
  if (!(error instanceof Error) || systemErrorCode(error) === undefined) return undefined;
  const { syscall, path: file } = error as NodeJS.ErrnoException;
  if (isVanished(error)) return vanishedFolder(error);
  if (syscall === undefined || file === undefined || /^(?:spawn|connect|listen|bind)/.test(syscall)) return undefined;
  return READING_CALLS.includes(syscall) ? cannotRead(file, error) : cannotWrite(file, error);
}

/** Reports whether a path could not be resolved since the working directory was removed. */
function isVanished(error: unknown): error is NodeJS.ErrnoException {
  return isSystemError(error, 'ENOENT') && error.syscall === 'uv_cwd';
}

function vanishedFolder(cause: unknown): UserError {
  const place = process.env['PWD'];
  const message = `The working directory ${place ? `${place} ` : ''}no longer exists`;
  return new UserError('SPACECTL_CANNOT_READ', message, { suggestions: ['Change to a directory that exists'], cause });
}
