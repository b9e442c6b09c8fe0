/** What every rendered file says of itself within its first lines. The files in `templates/` say it word for word. */
export const MARK = 'Rendered by spacectl.';

/** Tells whether spacectl rendered a file. @param start the file, or its first lines */
export function hasMark(start: Uint8Array): boolean {
  return Buffer.from(start.buffer, start.byteOffset, start.byteLength).includes(MARK);
}
