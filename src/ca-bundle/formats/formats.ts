import { formatCount } from '../../core/text.ts';
import { formatCertificate } from '../../x509/index.ts';
import type { CustomCertificate } from '../custom/custom-certificates.ts';
import type { Format } from '../lock/lock.ts';
import type { FormattedBundle, SecretTarget } from './formatted-bundle.ts';

/** Bytes of one string in a process's arguments or environment: MAX_ARG_STRLEN, with name and NUL (execve(2)). */
const ENVIRONMENT_LIMIT = 128 * 1024;

/**
 * Converts a bundle to a format.
 * @param file where it will be written, for the next steps
 * @throws UserError `SPACECTL_TOO_LARGE` if it does not fit
 */
export async function formatBundle(
  bundle: Buffer,
  format: Format,
  file: string,
  place: SecretTarget,
): Promise<FormattedBundle> {
  if (format === 'base64') return asBase64(bundle);
  if (format === 'pem') return { bytes: bundle, warnings: [], next: [] };
  return (await import('./secret-manifest.ts')).asSecret(bundle, file, place);
}

/** Extracts the bundle from a file of a format; returns the bytes unchanged if they are not of that format. */
export async function bundleIn(bytes: Buffer, format: Format): Promise<Buffer> {
  return format === 'secret-manifest' ? (await import('./secret-manifest.ts')).bundleInSecret(bytes) : bytes;
}

function asBase64(bundle: Buffer): FormattedBundle {
  const bytes = Buffer.from(bundle.toString('base64'));
  const size = formatCount(bytes.length);
  const warning = `The bundle has ${size} bytes and does not fit in an environment variable (at most 128 KiB on Linux). Use it as a file`;
  return { bytes, warnings: bytes.length >= ENVIRONMENT_LIMIT ? [warning] : [], next: [] };
}

/**
 * Formats the value of ADDITIONAL_ROOT_CAS of a self-hosted Spacelift: the base64 of a JSON object whose `caCertificates`
 * are PEM, each in base64. Only custom certificates: a whole bundle would not fit in an environment variable.
 */
export function additionalRootCas(custom: readonly CustomCertificate[], file: string): FormattedBundle {
  const unique = new Map(custom.map(({ fingerprint, der }) => [fingerprint, der]));
  const caCertificates = [...unique.values()].map((der) => Buffer.from(formatCertificate(der)).toString('base64'));
  const bytes = Buffer.from(Buffer.from(JSON.stringify({ caCertificates })).toString('base64'));
  const fits = 'ADDITIONAL_ROOT_CAS='.length + bytes.length + 1 <= ENVIRONMENT_LIMIT;
  const warning =
    'The value does not fit in an environment variable (at most 128 KiB on Linux). Mount it as a file and set ADDITIONAL_ROOT_CAS_FILE';
  const variable = fits
    ? `ADDITIONAL_ROOT_CAS to the content of ${file}`
    : `ADDITIONAL_ROOT_CAS_FILE to the path where ${file} is mounted`;
  return { bytes, warnings: fits ? [] : [warning], next: [`Set ${variable} in the server and drain containers`] };
}
