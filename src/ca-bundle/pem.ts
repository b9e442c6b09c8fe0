import { UserError } from '../step/errors.ts';

/** One block of a PEM file (RFC 7468), however carelessly it was pasted. */
export interface PemBlock {
  /** `CERTIFICATE`, `PRIVATE KEY`, … */
  readonly label: string;
  /** Which block of the file it is, from 1. */
  readonly position: number;
  /** The bytes it encodes, or nothing where its text is no base64 or has headers. */
  readonly bytes: Buffer | undefined;
}

const BEGIN = /-----BEGIN ([A-Z0-9 #]+)-----/g;

/**
 * Finds all blocks of a PEM text. Lenient in everything that says nothing about meaning: line ends (LF, CRLF, CR, CR CR
 * LF), a byte order mark, indentation, blank lines, text between blocks, END and BEGIN on one line.
 * @param name the file's name, for errors
 * @throws UserError `SPACECTL_BAD_CERTIFICATE` for a block without its end
 */
export function readPem(bytes: Uint8Array, name: string): readonly PemBlock[] {
  const text = decode(bytes);
  const blocks: PemBlock[] = [];
  BEGIN.lastIndex = 0;
  for (let begin = BEGIN.exec(text); begin; begin = BEGIN.exec(text)) {
    const [marker, label = ''] = begin;
    const position = blocks.length + 1;
    const start = begin.index + marker.length;
    const end = text.indexOf(`-----END ${label}-----`, start);
    const next = text.indexOf('-----BEGIN ', start);
    if (end < 0 || (next >= 0 && next < end)) {
      throw new UserError(
        'SPACECTL_BAD_CERTIFICATE',
        `${name}: block ${position} (${label}) has no end; it is cut off`,
      );
    }
    blocks.push({ label, position, bytes: decodeBody(text.slice(start, end)) });
    BEGIN.lastIndex = end;
  }
  return blocks;
}

/** UTF-16 files come from Windows; everything else that matters here is ASCII. */
function decode(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (buffer[0] === 0xff && buffer[1] === 0xfe) return buffer.toString('utf16le');
  if (buffer[0] === 0xfe && buffer[1] === 0xff && buffer.length % 2 === 0)
    return Buffer.from(buffer).swap16().toString('utf16le');
  return buffer.toString('latin1');
}

function decodeBody(body: string): Buffer | undefined {
  const text = body.replace(/\s+/g, '');
  if (text === '' || text.length % 4 !== 0 || !/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined;
  return Buffer.from(text, 'base64');
}

/** A certificate as PEM: lines of 64 characters, LF (RFC 7468, section 2). */
export function formatCertificate(der: Uint8Array): string {
  const lines =
    Buffer.from(der)
      .toString('base64')
      .match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join('\n')}\n-----END CERTIFICATE-----\n`;
}
