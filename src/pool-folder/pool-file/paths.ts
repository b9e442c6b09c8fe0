import { existsSync } from 'node:fs';
import path from 'node:path';
import { portablePath } from '../../core/portable-path.ts';
import { namesFiles } from '../../step/given.ts';
import type { Input } from '../../step/input.ts';

/**
 * Returns a text of the file as it is meant in the working directory: paths in the file are relative to it. They stay
 * relative, however the folder is named, because they get into other files, such as the lock file of a bundle.
 */
export function fromPoolFile(text: string, input: Input, folder: string): string {
  const isPath = input.placeholder === IMAGE ? /^\.\.?\//.test(text) : namesFiles(input);
  if (!isPath || text === '-' || path.isAbsolute(text)) return text;
  return path.relative('', path.join(folder, text)) || '.';
}

/**
 * Returns a text as it is written into the file: a path that was given relative to the working directory is relative to the
 * file's.
 * @returns `undefined` for what does not last: standard input, or a pipe of the shell
 */
export function intoPoolFile(text: string, input: Input, folder: string): string | undefined {
  const isPath = input.placeholder === IMAGE ? isStoredImage(text) : namesFiles(input);
  if (!isPath) return text;
  if (/^-(?:[:@]|$)|^\/(?:dev|proc)\//.test(text)) return undefined;
  if (path.isAbsolute(text)) return text;
  const relative = portablePath(path.relative(folder, text));
  return input.placeholder === IMAGE && !relative.startsWith('../') ? `./${relative}` : relative || '.';
}

/** The placeholder of what is the name of an image or the path of one. */
export const IMAGE = 'REF|PATH';

/** Reports whether the text that says which image is meant is a path, with the name of one of its images behind it or not. */
function isStoredImage(text: string): boolean {
  return /^(?:[./-]|-$)/.test(text) || existsSync(text) || existsSync(text.replace(/[:@].*$/s, ''));
}
