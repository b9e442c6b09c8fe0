import { type CreateNodeOptions, Document, type DocumentOptions, type ToStringOptions, visit } from 'yaml';

/** Options of the library for a document. */
export type YamlOptions = DocumentOptions & CreateNodeOptions & ToStringOptions;

/**
 * What YAML does not count as printable (YAML 1.2.2, 5.1, which readers of 1.1 enforce), and what is a line break to one
 * version and not to the other (NEL, LS and PS: YAML 1.1, 5.4). C0 controls are escaped by the library.
 */
const UNSAFE = String.raw`\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff\p{Cs}`;
const UNSAFE_CHARACTER = new RegExp(`[${UNSAFE}]`, 'gu');

/** What only double quotes keep. `<<` and `=` are no texts in YAML 1.1 (its type repository: merge, value). */
const ONLY_IN_DOUBLE_QUOTES = new RegExp(String.raw`[\u0000-\u0008\u000b-\u001f${UNSAFE}]|^(?:<<|=)$`, 'u');

/** Lines that a block keeps: none is blank but not empty, and the first is not indented. */
const BLOCK = /^(?![ \t\n])(?:(?![ \t]+(?:\n|$))[^\n]*(?:\n|$))+$/;

/** Formats a document that every reader of YAML 1.1 and 1.2 reads as it was meant. Long lines are not folded. */
export function formatYamlDocument(value: object, options: YamlOptions = {}): string {
  const document = new Document(value, { compat: 'yaml-1.1', ...options });
  visit(document, {
    Scalar(_, node) {
      if (typeof node.value === 'string' && needsDoubleQuotes(node.value, options)) node.type = 'QUOTE_DOUBLE';
    },
  });
  // Such a text would otherwise be written on several lines.
  const text = document.toString({ lineWidth: 0, doubleQuotedMinMultiLineLength: Number.MAX_SAFE_INTEGER, ...options });
  return text.replace(UNSAFE_CHARACTER, escapeCharacter);
}

function needsDoubleQuotes(text: string, { blockQuote = true }: YamlOptions): boolean {
  if (ONLY_IN_DOUBLE_QUOTES.test(text)) return true;
  return /[\t\n]/.test(text) && !(blockQuote && text.includes('\n') && BLOCK.test(text));
}

/** Writes a character as double quotes allow in both versions (YAML 1.2.2, 5.7). */
function escapeCharacter(character: string): string {
  const code = character.charCodeAt(0).toString(16);
  return code.length > 2 ? `\\u${code.padStart(4, '0')}` : `\\x${code.padStart(2, '0')}`;
}
