/** Returns the width of a terminal; one that does not know its size reports 0 or nothing. */
export function widthOf({ columns }: { columns?: number }): number {
  return columns || 80;
}

/**
 * Wraps lines between words, so that the terminal does not break them within a word; a word longer than a line stays whole.
 * Text that does not go to a terminal is returned unchanged.
 * @param indent prefix of the lines after the first
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
