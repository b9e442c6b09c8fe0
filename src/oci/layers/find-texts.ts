import type { TakeContent } from '../tar/reader.ts';

/** The most characters of a match; a match may be cut by the end of a chunk. */
const MATCH_LENGTH = 255;
/** The most texts of one file: a file that is made to have more is not worth more. */
const MAX_TEXTS = 32;

/**
 * Searches the content of a file as it comes, so that it need not be kept.
 * @param pattern a regular expression for the content as Latin-1; its first group is what is looked for
 * @param found where the texts go, each once
 */
export function findTexts(pattern: string, found: Set<string>): TakeContent {
  const expression = new RegExp(pattern, 'g');
  let rest = '';
  return (chunk) => {
    const text = rest + chunk.toString('latin1');
    for (const [, group] of text.matchAll(expression)) {
      if (group !== undefined && group.length <= MATCH_LENGTH && found.size < MAX_TEXTS) found.add(group);
    }
    rest = text.slice(-MATCH_LENGTH);
  };
}
