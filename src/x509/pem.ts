/** One block of a PEM text (RFC 7468), however carelessly it was pasted. */
export interface PemBlock {
  /** `CERTIFICATE`, `PRIVATE KEY`, …; an empty string for a BEGIN or END line that belongs to no block. */
  readonly label: string;
  /** Which block of the text it is, and the line it begins on, from 1. */
  readonly position: number;
  readonly line: number;
  /** The bytes it encodes. */
  readonly bytes: Buffer | undefined;
  /** What is wrong with it, to follow its position; `bytes` is then missing. */
  readonly damage?: string;
}

/**
 * A comment line, in which BEGIN and END mean nothing to any reader of PEM; or the line that begins or ends a block, with
 * hyphens that a word processor may have replaced (U+2010 to U+2015, in UTF-8 read as Latin-1).
 */
const LINES =
  /^[ \t]*#.*|([-\u2010-\u2015\xe2\x80\x90-\x95]{1,5})[ \t]*(BEGIN|END) ([A-Z0-9][A-Z0-9 #]*)([-\u2010-\u2015\xe2\x80\x90-\x95]{0,5})/gm;
const MARKED = /CERT|KEY|PKCS|CMS|CRL|PARAM/;

/** Whether a text has anything that looks like PEM. */
export function looksLikePem(text: string): boolean {
  return /(?:BEGIN|END) [A-Z0-9 #]{0,30}(?:CERT|KEY|PKCS|CMS|CRL)[A-Z0-9 #]{0,30}[-\u2010-\u2015\xe2]/.test(text);
}

/**
 * Finds all blocks of a PEM text. Lenient in everything that says nothing about meaning: line ends (LF, CRLF, CR, CR CR
 * LF, and `\n` in so many characters, from JSON), a byte order mark, indentation, blank lines, text between blocks, END
 * and BEGIN on one line. What cannot be read is a block with damage, so that nothing is lost in silence.
 */
export function readPem(text: string): readonly PemBlock[] {
  const blocks: PemBlock[] = [];
  const lineAt = lineCounter(text);
  let open: { label: string; line: number; start: number } | undefined;
  const add = (label: string, line: number, rest: Pick<PemBlock, 'bytes' | 'damage'>) =>
    blocks.push({ label, line, position: blocks.length + 1, ...rest });
  const cutOff = () =>
    open && add(open.label, open.line, { bytes: undefined, damage: `(${open.label}) has no end; it is cut off` });
  LINES.lastIndex = 0;
  for (let match = LINES.exec(text); match; match = LINES.exec(text)) {
    const [whole, before, word, words = '', after] = match;
    if (word === undefined) continue;
    const label = words.trim();
    if (before !== '-----' || after !== '-----') {
      if (!MARKED.test(label)) continue;
      const damage = `has a damaged ${word} line: five hyphens belong before and behind "${word} ${label}"`;
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
      if (!open) add('', lineAt(match.index), { bytes: undefined, damage: `(END ${label}) has no beginning` });
      open = undefined;
    }
  }
  cutOff();
  return blocks;
}

/** Gives line numbers of offsets that only grow, counting each line once. */
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

/** Base64 as it should stand between BEGIN and END: full lines, and one that is filled up. */
const PLAIN_BODY =
  /^\r?\n(?:[A-Za-z0-9+/]{64}\r?\n){0,1000}(?:[A-Za-z0-9+/]{4}){0,15}(?:[A-Za-z0-9+/]{4}|[A-Za-z0-9+/]{3}=|[A-Za-z0-9+/]{2}==)\r?\n$/;

function decodeBody(body: string): Pick<PemBlock, 'bytes' | 'damage'> {
  // Nearly all are, and need no mending.
  if (PLAIN_BODY.test(body)) return { bytes: Buffer.from(body, 'base64') };
  const text = body.replace(/\\[rn]|\s+/g, '');
  if (/^[A-Za-z0-9+/]+={0,2}$/.test(text) && text.replace(/=+$/, '').length % 4 !== 1) {
    return { bytes: Buffer.from(text, 'base64') };
  }
  if (text === '') return { bytes: undefined, damage: 'is empty' };
  const isEncrypted = /Proc-Type|ENCRYPTED/.test(body);
  if (isEncrypted) return { bytes: undefined, damage: 'is encrypted (Proc-Type)' };
  if (/^\s*[A-Za-z][A-Za-z0-9-]*:/.test(body)) {
    return { bytes: undefined, damage: 'has headers between BEGIN and the base64, which OpenSSL and Go do not read' };
  }
  return { bytes: undefined, damage: 'is damaged: between BEGIN and END there is something else than base64' };
}

/**
 * A certificate as Go and OpenSSL both read it: BEGIN and END on lines of their own, and nothing but base64 between them.
 * At most 10,000 lines, which is more than any has, because each takes of the stack that expressions are matched with.
 */
const TIDY =
  /^-----BEGIN CERTIFICATE-----[ \t]*\r?\n(?:[A-Za-z0-9+/=]+[ \t]*\r?\n){1,10000}-----END CERTIFICATE-----[ \t]*\r?$/gm;

/** How many certificates of a text every reader finds. */
export function countTidy(text: string): number {
  return text.match(TIDY)?.length ?? 0;
}

/** A certificate as PEM: lines of 64 characters, LF (RFC 7468, section 2). */
export function formatCertificate(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
