import { UserError } from '../../core/errors.ts';
import { sha256 } from '../../core/sha256.ts';
import {
  type Certificate,
  certificatesReadByGo,
  contentsOf,
  type OpensslReading,
  readAsOpenssl,
  readCertificate,
  rejectsServers,
} from '../../x509/index.ts';

/** A certificate of a base. */
export interface BaseEntry {
  readonly certificate: Certificate;
  /** SHA-256 of its DER, hexadecimal. */
  readonly digest: string;
  /** `block 3 (line 57)` */
  readonly place: string;
  /** Whether its block tells OpenSSL to reject servers below it. Of two blocks of one certificate, the first counts. */
  readonly isDistrusted: boolean;
}

/** What a base contains, however it is written. */
export interface BaseEntries {
  /** Each once, in order. */
  readonly certificates: readonly BaseEntry[];
  /** What cannot be read: `block 3 (line 57) is cut off: …`. */
  readonly damaged: readonly string[];
  readonly go: readonly Buffer[];
  readonly openssl: OpensslReading;
}

export const ANOTHER_BASE = 'Pass --image-path PATH for another file of the image, or --image FILE for another base';

/**
 * Finds all certificates of a base, and those that Go and OpenSSL find.
 * @throws UserError `SPACECTL_NO_BUNDLE` if the base has no certificate; `SPACECTL_BAD_CERTIFICATE` if it has a private key
 */
export function readBaseEntries(base: Buffer, origin: string): BaseEntries {
  const contents = contentsOf(base, origin);
  const key = contents.find(({ problem }) => problem?.isPrivateKey);
  if (key) {
    throw new UserError('SPACECTL_BAD_CERTIFICATE', `${key.place} ${key.problem?.message}`, {
      suggestions: ['Fix it where it comes from', ANOTHER_BASE],
    });
  }
  const entries = new Map<string, BaseEntry>();
  const add = (certificate: Certificate, place: string, isDistrusted: boolean) => {
    const digest = sha256(certificate.der);
    if (!entries.has(digest)) entries.set(digest, { certificate, digest, place, isDistrusted });
  };
  const damaged: string[] = [];
  for (const { certificate, inside = certificate, trust, problem, place } of contents) {
    const where = place.slice(origin.length).replace(/^: /, '') || 'the file';
    if (inside) add(inside, where, trust !== undefined && rejectsServers(trust));
    else if (problem?.isDamage) damaged.push(`${where} ${problem.message}`);
  }
  const text = textOf(base);
  const [go, openssl] = [certificatesReadByGo(text), readAsOpenssl(text)];
  // A program may find a certificate in a block that is damaged.
  for (const der of [...go, ...openssl.certificates]) {
    const certificate = entries.has(sha256(der)) ? undefined : readCertificate(der);
    if (certificate) add(certificate, 'a damaged block', false);
  }
  if (entries.size > 0) return { certificates: [...entries.values()], damaged, go, openssl };
  const detail = damaged[0] ? `: ${damaged[0]}` : '';
  const suggestions = [ANOTHER_BASE];
  throw new UserError('SPACECTL_NO_BUNDLE', `${origin} contains no certificates${detail}`, { suggestions });
}

/** Returns bytes as Latin-1, with a newline at the end, as they are before what is appended. */
function textOf(bytes: Buffer): string {
  const text = bytes.toString('latin1');
  return text.endsWith('\n') ? text : `${text}\n`;
}
