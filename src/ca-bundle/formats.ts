import { inThousands } from '../core/words.ts';
import { formatCertificate } from '../x509/index.ts';
import type { CustomCertificate } from './custom-certificates.ts';
import type { Format } from './lock.ts';
import type { SecretPlace, Shaped } from './shaped.ts';

/** The most that one string in a process's arguments or environment may have: MAX_ARG_STRLEN, name and NUL included (execve(2)). */
const ENVIRONMENT_LIMIT = 128 * 1024;

/**
 * Gives a bundle another shape.
 * @param file where it will be written, for what comes next
 * @throws UserError `SPACECTL_TOO_LARGE` where what reads it cannot take as much
 */
export async function shapeBundle(bundle: Buffer, format: Format, file: string, place: SecretPlace): Promise<Shaped> {
  if (format === 'base64') return asBase64(bundle);
  if (format === 'pem') return { bytes: bundle, warnings: [], next: [] };
  return (await import('./secret-manifest.ts')).asSecret(bundle, file, place);
}

/** The bundle that a file of some shape holds; the bytes themselves where they are not of that shape. */
export async function bundleIn(bytes: Buffer, format: Format): Promise<Buffer> {
  return format === 'secret-manifest' ? (await import('./secret-manifest.ts')).bundleInSecret(bytes) : bytes;
}

function asBase64(bundle: Buffer): Shaped {
  const bytes = Buffer.from(bundle.toString('base64'));
  const size = inThousands(bytes.length);
  const warning = `With ${size} bytes it does not fit into an environment variable (128 KiB at most on Linux): hand it over as a file`;
  return { bytes, warnings: bytes.length >= ENVIRONMENT_LIMIT ? [warning] : [], next: [] };
}

/**
 * The value of ADDITIONAL_ROOT_CAS of a self-hosted Spacelift: the base64 of a JSON object whose `caCertificates` are PEM
 * in base64 each. Custom certificates only: a whole bundle would not fit into an environment variable.
 */
export function additionalRootCas(custom: readonly CustomCertificate[], file: string): Shaped {
  const unique = new Map(custom.map(({ fingerprint, der }) => [fingerprint, der]));
  const caCertificates = [...unique.values()].map((der) => Buffer.from(formatCertificate(der)).toString('base64'));
  const bytes = Buffer.from(Buffer.from(JSON.stringify({ caCertificates })).toString('base64'));
  const fits = 'ADDITIONAL_ROOT_CAS='.length + bytes.length + 1 <= ENVIRONMENT_LIMIT;
  const warning =
    'It does not fit into an environment variable (128 KiB at most on Linux): mount it as a file and name that in ADDITIONAL_ROOT_CAS_FILE';
  const variable = fits
    ? `ADDITIONAL_ROOT_CAS to what ${file} holds`
    : `ADDITIONAL_ROOT_CAS_FILE to where ${file} is mounted`;
  return { bytes, warnings: fits ? [] : [warning], next: [`Set ${variable}, on the server and drain containers`] };
}
