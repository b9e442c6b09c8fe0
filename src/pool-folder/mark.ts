/** The text in the first lines of every rendered file. The files in `templates/` contain it word for word. */
export const MARK = 'Rendered by spacectl.';

/** Reports whether spacectl rendered a file. @param start the file, or its first lines */
export function hasMark(start: Uint8Array): boolean {
  return Buffer.from(start.buffer, start.byteOffset, start.byteLength).includes(MARK);
}
