import {
  type Document,
  isAlias,
  isCollection,
  isMap,
  isNode,
  isPair,
  isScalar,
  LineCounter,
  parseDocument,
  visit,
} from 'yaml';
import { UserError } from '../../core/errors.ts';
import type { Advice } from '../../core/suggestion.ts';

/** The text of a pool file and what it says. */
export interface PoolDocument {
  readonly text: string;
  readonly document: Document;
}

/**
 * Parses a pool file: one YAML document (or JSON) that is a mapping of sections. Every scalar is the text it is written as:
 * 1.10 is a version, and 012345678901 an account.
 * @param file its name, for messages
 * @throws UserError `SPACECTL_BAD_ANSWERS`, with the line; also for anchors, aliases, tags and further documents, which a
 * program that edits single values would break
 */
export function parsePoolFile(bytes: Uint8Array, file: string): PoolDocument {
  const text = decode(bytes, file);
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { schema: 'failsafe', customTags: ['null'], lineCounter, prettyErrors: true });
  const [error] = document.errors;
  if (error?.code === 'MULTIPLE_DOCS') throw bad(file, 'it holds several documents; keep one');
  if (error) throw bad(file, error.message.split('\n')[0] ?? 'not YAML', { cause: error });
  const place = (node: unknown) => {
    const [offset] = (isNode(node) && node.range) || [];
    return offset === undefined ? '' : ` (line ${lineCounter.linePos(offset).line})`;
  };
  visit(document, (_, node) => {
    if (isAlias(node)) throw bad(file, `*${node.source} is an alias${place(node)}. Write out what it stands for`);
    if (isPair(node) && !isScalar(node.key)) throw bad(file, `a key is not plain text${place(node.key)}`);
    if (!isScalar(node) && !isCollection(node)) return;
    if (node.anchor)
      throw bad(file, `&${node.anchor} is an anchor${place(node)}. Write the value out wherever it is used`);
    if (node.tag)
      throw bad(file, `${node.tag} is a tag${place(node)}. Remove it: every value is text or a list of texts`);
  });
  const { contents } = document;
  const isEmpty = contents === null || (isScalar(contents) && contents.value === null);
  if (!isEmpty && !isMap(contents)) throw bad(file, 'not a mapping of sections, such as "pool:" and "bundle:"');
  return { text, document };
}

/** Decodes UTF-8. Bytes that are not UTF-8 would be lost with the next answer that is saved. */
function decode(bytes: Uint8Array, file: string): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (cause) {
    throw bad(file, 'it is not UTF-8', { cause });
  }
}

/** Returns the error for a pool file that cannot be used. */
export function bad(
  file: string,
  what: string,
  options: { readonly suggestions?: readonly Advice[]; readonly cause?: unknown } = {},
): UserError {
  return new UserError('SPACECTL_BAD_ANSWERS', `${file}: ${what}`, options);
}
