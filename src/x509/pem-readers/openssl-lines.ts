/** A line as OpenSSL reads it. */
export interface Line {
  /** Without control characters and spaces at its end. */
  readonly text: string;
  readonly hasColon: boolean;
  /** Whether the rest of the line in the file is the next line here. */
  readonly isPartial: boolean;
}

/** At most so many characters are read at a time (openssl:crypto/pem/pem_lib.c, `LINESIZE`, less one for fgets). */
const MAX_LINE = 254;

/** Reads the lines of a text like OpenSSL: `BIO_gets`, then `sanitize_line` (openssl:crypto/pem/pem_lib.c). */
export class OpensslLines {
  /** The offset of the next line. */
  offset = 0;
  readonly #content: string;
  #newline = -1;

  /** @param content bytes as Latin-1 */
  constructor(content: string) {
    this.#content = content;
  }

  /**
   * Returns the next line. It ends at a NUL (openssl:crypto/bio/bss_file.c, `file_gets` calls strlen).
   * @returns `undefined` at the end, and at a line that begins with NUL, which OpenSSL takes for the end
   */
  next(): Line | undefined {
    const { offset } = this;
    const content = this.#content;
    if (offset >= content.length || content.charCodeAt(offset) === 0) return undefined;
    if (this.#newline < offset) this.#newline = content.indexOf('\n', offset);
    if (this.#newline < 0) this.#newline = content.length;
    this.offset = Math.min(this.#newline + 1, offset + MAX_LINE, content.length);
    const raw = content.slice(offset, this.offset);
    const nul = raw.indexOf('\0');
    const line = nul < 0 ? raw : raw.slice(0, nul);
    const isPartial = line.length === MAX_LINE && !line.endsWith('\n');
    return { text: withoutTrailingBlanks(line), hasColon: line.includes(':'), isPartial };
  }
}

/**
 * Removes what OpenSSL regards as blank at the end of a line: everything up to the space, and all bytes that are not ASCII,
 * which are negative where char is signed, as on x86. On ARM, they make the line invalid instead.
 */
function withoutTrailingBlanks(line: string): string {
  let end = line.length;
  while (end > 0 && isBlank(line.charCodeAt(end - 1))) end--;
  return line.slice(0, end);
}

function isBlank(byte: number): boolean {
  return byte <= 0x20 || byte >= 0x80;
}
