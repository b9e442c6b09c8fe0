import { UserError } from '../../core/errors.ts';
import { readInput } from '../../files/read.ts';
import {
  type Certificate,
  certificatesReadByGo,
  contentsOf,
  fingerprintOf,
  formatCertificate,
  readAsOpenssl,
  readCertificate,
  readElement,
  readPem,
  rejectsServers,
} from '../../x509/index.ts';
import { pemInBundleFile } from '../bundle-file.ts';

/** What each reader finds in a bundle. */
export interface Trust {
  readonly go: readonly Certificate[];
  readonly openssl: readonly Certificate[];
  /** PEM of what OpenSSL finds, one certificate each, with its trust settings. */
  readonly authorities: readonly string[];
  /** Fingerprints of the certificates whose trust settings reject TLS servers, which only OpenSSL reads. */
  readonly distrusted: ReadonlySet<string>;
}

/** Reads a bundle in a format of `ca-bundle build`. @throws UserError `SPACECTL_NO_BUNDLE` if neither finds a certificate */
export async function readTrust(file: string): Promise<Trust> {
  const pem = await pemInBundleFile(await readInput(file));
  const text = pem.toString('latin1');
  const { certificates, refusal } = readAsOpenssl(text);
  const go = certificatesReadByGo(text);
  if (go.length + certificates.length === 0) {
    const why = refusal ? `. The block in line ${refusal.line} ${refusal.reason}` : '';
    throw new UserError('SPACECTL_NO_BUNDLE', `${file} contains no certificates that Go or OpenSSL read${why}`, {
      suggestions: [
        { text: 'Build a bundle', command: 'spacectl ca-bundle build --ca FILE' },
        { text: 'See what is in the file', command: 'spacectl ca-bundle inspect FILE' },
      ],
    });
  }
  const read = (ders: readonly Buffer[]) => ders.flatMap((der) => readCertificate(der) ?? []);
  const hasSettings = text.includes('-----BEGIN TRUSTED CERTIFICATE-----');
  return {
    ...{ go: read(go), openssl: read(certificates) },
    authorities: hasSettings ? withTrustSettings(certificates, text) : certificates.map(formatCertificate),
    distrusted: new Set(hasSettings ? distrustedIn(pem, file) : []),
  };
}

/** Formats certificates as PEM; those in blocks called `TRUSTED CERTIFICATE` as they are, for OpenSSL to judge. */
function withTrustSettings(certificates: readonly Buffer[], text: string): readonly string[] {
  const settings = new Map<string, (Buffer | undefined)[]>();
  for (const { label, bytes } of readPem(text)) {
    const der = bytes && readElement(bytes)?.bytes;
    if (!der) continue;
    const known = settings.get(fingerprintOf(der)) ?? [];
    settings.set(fingerprintOf(der), [...known, label === 'TRUSTED CERTIFICATE' ? bytes : undefined]);
  }
  return certificates.map((der) => {
    const trusted = settings.get(fingerprintOf(der))?.shift();
    return trusted
      ? formatCertificate(trusted).replaceAll(' CERTIFICATE-', ' TRUSTED CERTIFICATE-')
      : formatCertificate(der);
  });
}

function distrustedIn(pem: Buffer, file: string): readonly string[] {
  return contentsOf(pem, file).flatMap(({ certificate, trust }) =>
    certificate && trust && rejectsServers(trust) ? certificate.fingerprint : [],
  );
}
