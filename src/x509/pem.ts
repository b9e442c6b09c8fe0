/** A block of a PEM text (RFC 7468), which may be damaged. */
export interface PemBlock {
  /** `CERTIFICATE`, `PRIVATE KEY`, …; an empty string for a BEGIN or END line without its counterpart. */
  readonly label: string;
  /** The number of the block in the text, and of the line where it begins; both start at 1. */
  readonly position: number;
  readonly line: number;
  /** The decoded bytes; `undefined` for a damaged block. */
  readonly bytes: Buffer | undefined;
  /** What is wrong with it, as the end of a sentence that begins with its position. */
  readonly damage?: string;
}

/**
 * Matches a comment line, in which readers of PEM ignore BEGIN and END, or the line that begins or ends a block. A word
 * processor may have replaced its hyphens (U+2010 to U+2015, in UTF-8 read as Latin-1).
 */
const LINES =
  /^[ \t]*#.*|([-\u2010-\u2015\xe2\x80\x90-\x95]{1,5})[ \t]*(BEGIN|END) ([A-Z0-9][A-Z0-9 #]*)([-\u2010-\u2015\xe2\x80\x90-\x95]{0,5})/gm;
const KNOWN_LABEL = /CERT|KEY|PKCS|CMS|CRL|PARAM/;

/** Reports whether a text contains anything that looks like PEM. */
export function looksLikePem(text: string): boolean {
  return /(?:BEGIN|END) [A-Z0-9 #]{0,30}(?:CERT|KEY|PKCS|CMS|CRL)[A-Z0-9 #]{0,30}[-\u2010-\u2015\xe2]/.test(text);
}

/**
 * Finds all blocks of a PEM text. It is lenient about format: line ends (LF, CRLF, CR, CR CR LF, and a literal `\n` from
 * JSON), a byte order mark, indentation, blank lines, text between blocks, END and BEGIN on one line. A block that cannot
 * be read is returned as damaged, so that nothing is skipped silently.
 */
export function readPem(text: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  const lineAt = lineCounter(text);
  let open: { label: string; line: number; start: number } | undefined;
  const add = (label: string, line: number, rest: Pick<PemBlock, 'bytes' | 'damage'>) =>
    blocks.push({ label, line, position: blocks.length + 1, ...rest });
  const cutOff = () =>
    open && add(open.label, open.line, { bytes: undefined, damage: `(${open.label}) is cut off: it has no END line` });
  LINES.lastIndex = 0;
  for (let match = LINES.exec(text); match; match = LINES.exec(text)) {
    const [whole, before, word, words = '', after] = match;
    if (word === undefined) continue;
    const label = words.trim();
    if (before !== '-----' || after !== '-----') {
      if (!KNOWN_LABEL.test(label)) continue;
      const damage = `has a damaged ${word} line: it must be "-----${word} ${label}-----"`;
      add('', lineAt(match.index), { bytes: undefined, damage });
      open = undefined;
    } else if (word === 'BEGIN') {
      cutOff();
      open = { label, line: lineAt(match.index), start: match.index + whole.length };
    } else if (open?.label === label) {
      add(label, open.line, decodeBody(text.slice(open.start, match.index)));
      open = undefined;
    } else {
      cutOff();
      if (!open) add('', lineAt(match.index), { bytes: undefined, damage: `(END ${label}) has no BEGIN line` });
      open = undefined;
    }
  }
  cutOff();
  return blocks;
}

/** Creates a function that returns the line number of an offset. Offsets must not decrease. */
function lineCounter(text: string): (offset: number) => number {
  let [line, counted] = [1, 0];
  return (offset) => {
    for (let next = text.indexOf('\n', counted); next >= 0 && next < offset; next = text.indexOf('\n', counted)) {
      line++;
      counted = next + 1;
    }
    return line;
  };
}

/** Base64 in the canonical form between BEGIN and END: full lines, then a padded one. */
const CANONICAL_BODY =
  /^\r?\n(?:[A-Za-z0-9+/]{64}\r?\n){0,1000}(?:[A-Za-z0-9+/]{4}){0,15}(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)\r?\n$/;

function decodeBody(body: string): Pick<PemBlock, 'bytes' | 'damage'> {
  // Nearly all bodies are canonical.
  if (CANONICAL_BODY.test(body)) return { bytes: Buffer.from(body, 'base64') };
  // OpenSSL takes a NUL for the end of the line.
  const text = body.replace(/\\[rn]|[\s\0]+/g, '');
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.replace(/={1,2}$/, '').length % 4 !== 1) {
    return { bytes: Buffer.from(text, 'base64') };
  }
  if (text === '') return { bytes: undefined, damage: 'is empty' };
  const isEncrypted = /Proc-Type|ENCRYPTED/.test(body);
  if (isEncrypted) return { bytes: undefined, damage: 'is encrypted (Proc-Type)' };
  if (/^\s*[A-Za-z][A-Za-z0-9-]*:/.test(body)) {
    return { bytes: undefined, damage: 'has headers between BEGIN and the base64, which OpenSSL and Go reject' };
  }
  return { bytes: undefined, damage: 'is damaged: the text between BEGIN and END is not base64' };
}

/** Formats a certificate as PEM: lines of 64 characters, LF (RFC 7468, section 2). */
export function formatCertificate(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
