/** Columns of a terminal; one that does not know its size says 0, or nothing. */
export function widthOf({ columns }: { columns?: number }): number {
  return columns || 80;
}

/**
 * Breaks lines between words, so that the terminal does not break them within; a word longer than a line stays whole.
 * Text that goes to no terminal is left as it is.
 * @param indent what the lines after the first begin with
 */
export function wrapWords(text: string, stream: { columns?: number; isTTY?: boolean }, indent = ''): string {
  const width = stream.isTTY ? widthOf(stream) - 1 : Number.POSITIVE_INFINITY;
  const lines = text.split('\n').flatMap((line) => {
    const wrapped: string[] = [];
    let current = '';
    for (const word of line.split(' ')) {
      const longer = `${current} ${word}`;
      const isBlank = current.trim() === '';
      if (isBlank || longer.length + (wrapped.length === 0 ? 0 : indent.length) <= width) current = longer;
      else {
        wrapped.push(current.slice(1));
        current = ` ${word}`;
      }
    }
    return [...wrapped, current.slice(1)];
  });
  return lines.join(`\n${indent}`);
}
