import stringWidth from 'string-width';

const ESC = '\u001b[';
/** Columns that the marker of a list takes, with what surrounds it. */
const MARKER = 4;

/** Returns what turns one line of the screen into another, from its first column: skips what both begin with. */
export function patchLine(old: string, line: string): string {
  let same = 0;
  while (same < old.length && old[same] === line[same] && /[ -~]/.test(line[same] ?? '')) same++;
  const skip = same > 0 ? `${ESC}${same}C` : '';
  // Equally long and alike after a few plain characters: only the marker of a list has moved.
  const isAlikeBehind = old.length === line.length && old.slice(same + MARKER) === line.slice(same + MARKER);
  const [before, after] = [old.slice(same, same + MARKER), line.slice(same, same + MARKER)];
  if (isAlikeBehind && stringWidth(before) === MARKER && stringWidth(after) === MARKER) {
    return skip + after.trimEnd().padEnd(before.trimEnd().length);
  }
  return `${skip}${line.slice(same)}${ESC}K`;
}
