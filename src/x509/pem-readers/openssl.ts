import { readContent } from './openssl-block.ts';
import { certificateIn } from './openssl-certificate.ts';
import { OpensslLines } from './openssl-lines.ts';

/** What OpenSSL reads of a bundle. */
export interface OpensslReading {
  /** The certificates that it finds, without the trust settings that may follow them. */
  readonly certificates: readonly Buffer[];
  /** Why it rejects the whole file: the end of a sentence that begins with the block in that line. Then it finds nothing. */
  readonly refusal?: { readonly line: number; readonly reason: string };
  /** The line that begins with NUL: OpenSSL silently reads nothing from there on. */
  readonly endsAtLine?: number;
}

/**
 * Finds the certificates that OpenSSL reads from a PEM text, as git, curl and Python do: `SSL_CTX_load_verify_locations`
 * calls `X509_load_cert_crl_file` (openssl:crypto/x509/by_file.c), and that `PEM_X509_INFO_read_bio`
 * (openssl:crypto/pem/pem_info.c). One bad block makes it reject the file. The rules are those of OpenSSL 3.0.20; older
 * versions than 3.0 do not skip a byte order mark. Private keys are taken for sound.
 * @param text bytes as Latin-1
 */
export function readAsOpenssl(text: string): OpensslReading {
  const lines = new OpensslLines(text);
  const certificates: Buffer[] = [];
  for (let begin = findBegin(lines); begin; begin = findBegin(lines)) {
    const content = readContent(lines, begin.label);
    const certificate = typeof content === 'string' ? content : certificateIn(content, begin.label);
    if (typeof certificate === 'string') {
      return { certificates: [], refusal: { line: lineAt(text, begin.offset), reason: certificate } };
    }
    if (certificate) certificates.push(certificate);
  }
  const isCutShort = lines.offset < text.length;
  return { certificates, ...(isCutShort && { endsAtLine: lineAt(text, lines.offset) }) };
}

const BYTE_ORDER_MARK = '\xef\xbb\xbf';

/** Finds the next BEGIN line. Of the first line, a byte order mark is skipped (pem_lib.c, `get_name`). */
function findBegin(lines: OpensslLines): { label: string; offset: number } | undefined {
  let isFirst = true;
  for (let { offset } = lines, line = lines.next(); line; { offset } = lines, line = lines.next()) {
    const text = isFirst && line.text.startsWith(BYTE_ORDER_MARK) ? line.text.slice(3) : line.text;
    isFirst = false;
    if (text.startsWith('-----BEGIN ') && text.endsWith('-----')) {
      return { label: text.slice('-----BEGIN '.length, -'-----'.length), offset };
    }
  }
  return undefined;
}

function lineAt(text: string, offset: number): number {
  let line = 1;
  for (let next = text.indexOf('\n'); next >= 0 && next < offset; next = text.indexOf('\n', next + 1)) line++;
  return line;
}
