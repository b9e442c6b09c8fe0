/**
 * Reports whether files have permission bits. On Windows they do not: who may read a file is inherited from its directory,
 * and what Node sets there is the read-only attribute only (Node.js documentation, `fs.chmod`).
 */
export function hasModes(platform: string = process.platform): boolean {
  return platform !== 'win32';
}
