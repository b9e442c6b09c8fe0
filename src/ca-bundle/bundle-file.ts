import { Buffer } from 'node:buffer';
import { bundleIn } from './formats/formats.ts';

/**
 * Extracts the PEM from a file that `ca-bundle build` wrote in any format.
 * @returns the bytes unchanged if they are of none of them
 */
export async function pemInBundleFile(bytes: Buffer): Promise<Buffer> {
  const text = bytes.toString('latin1');
  if (text.includes('-----BEGIN ')) return bytes;
  const decoded = fromBase64(text);
  if (decoded) return decoded.includes('-----BEGIN ') ? decoded : (fromAdditionalRootCas(decoded) ?? bytes);
  return /^kind: Secret$/m.test(text) ? bundleIn(bytes, 'secret-manifest') : bytes;
}

function fromBase64(text: string): Buffer | undefined {
  const compact = text.replace(/\s+/g, '');
  return /^[A-Za-z0-9+/]+={0,2}$/.test(compact) ? Buffer.from(compact, 'base64') : undefined;
}

/** Reads the JSON of `additionalRootCas` in formats.ts. */
function fromAdditionalRootCas(json: Buffer): Buffer | undefined {
  try {
    const { caCertificates } = JSON.parse(json.toString('utf8')) as { caCertificates: readonly string[] };
    return Buffer.concat(caCertificates.map((each) => Buffer.from(each, 'base64')));
  } catch {
    return undefined;
  }
}
