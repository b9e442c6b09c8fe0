import path from 'node:path';

/**
 * Returns a path as it is written into files that other systems read too: with slashes, which Windows reads as well. Where
 * a backslash is a character like any other, it stays.
 * @param separator what this system puts between the parts of a path
 */
export function portablePath(file: string, separator: string = path.sep): string {
  return separator === '/' ? file : file.replaceAll(separator, '/');
}
