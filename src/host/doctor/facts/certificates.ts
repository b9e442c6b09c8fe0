import { X509Certificate } from 'node:crypto';
import type { Context } from './context.ts';
import { readText } from './read-text.ts';
import { bundleMounts } from './runner.ts';

/** A certificate and its dates. */
export interface Dated {
  readonly subject: string;
  readonly notBefore: Date;
  readonly notAfter: Date;
}

/** A file of certificates that the launcher or its containers read. */
export interface CertificateFile {
  readonly path: string;
  /** `undefined` if it cannot be read or is not a file. */
  readonly mode: number | undefined;
  readonly isDirectory: boolean;
  readonly total: number;
  /** Yours: all of `custom-ca.crt`, and in a bundle those below the comment that the program writes. */
  readonly added: readonly Dated[];
  readonly hasPrivateKey: boolean;
  /** What is not a certificate, as messages name it. */
  readonly problems: readonly string[];
}

/** The certificates of an installation. */
export interface Certificates {
  readonly files: readonly CertificateFile[];
  /** Those in the pool's token. */
  readonly token: readonly Dated[];
  readonly now: Date;
}

const CUSTOM = '/etc/spacelift/custom-ca.crt';

/** Reads the certificates that are mounted, added on this host, and in the token. */
export async function gatherCertificates({ reader, installation }: Context): Promise<Certificates> {
  const { contentsOf } = await import('../../../x509/index.ts');
  const mounted = bundleMounts(installation.settings).map(({ file }) => file);
  const isCustom = (await reader.entry(CUSTOM)) !== undefined;
  const files = await Promise.all(
    [...new Set([...mounted, ...(isCustom ? [CUSTOM] : [])])].map(async (path): Promise<CertificateFile> => {
      const [text, entry] = [await readText(reader, path), await reader.entry(path)];
      const contents = text === undefined ? [] : contentsOf(Buffer.from(text), path);
      const certificates = contents.flatMap(({ certificate }) => certificate ?? []);
      const comments = new Set(
        [...(text ?? '').matchAll(/^# SHA-256 ([0-9A-F:]{95}), valid until/gm)].map(([, each]) => each),
      );
      return {
        path,
        mode: entry?.mode,
        isDirectory: entry?.kind === 'directory',
        total: certificates.length,
        added: certificates.filter(({ fingerprint }) => path === CUSTOM || comments.has(fingerprint)),
        hasPrivateKey: contents.some(({ problem }) => problem?.isPrivateKey),
        problems: contents.flatMap(({ place, problem }) =>
          problem && !problem.isPrivateKey ? [`${place} ${problem.message}`] : [],
        ),
      };
    }),
  );
  const token = installation.secrets?.token?.certificates.flatMap((pem) => datedFrom(pem) ?? []) ?? [];
  return { files, token, now: reader.now };
}

function datedFrom(pem: string): Dated | undefined {
  try {
    const { subject, validFrom, validTo } = new X509Certificate(pem);
    return { subject: subject.replaceAll('\n', ', '), notBefore: new Date(validFrom), notAfter: new Date(validTo) };
  } catch {
    return undefined;
  }
}
