import { parse, stringify } from 'yaml';
import { UserError } from '../core/errors.ts';
import { inThousands, wordFor } from '../core/words.ts';
import type { SecretPlace, Shaped } from './shaped.ts';

/** The most that the values of a Kubernetes Secret may have together (Kubernetes, MaxSecretSize). */
const SECRET_LIMIT = 1024 * 1024;
/** The most that annotations may have together; a client-side `kubectl apply` puts the whole manifest into one. */
const ANNOTATION_LIMIT = 256 * 1024;

/**
 * The Secret that Kubernetes workers mount: `kubectl create secret generic NAME --from-file=bundle=FILE` as a manifest.
 * @throws UserError `SPACECTL_TOO_LARGE`
 */
export function asSecret(bundle: Buffer, file: string, { name, namespace }: SecretPlace): Shaped {
  if (bundle.length > SECRET_LIMIT) {
    const size = inThousands(bundle.length);
    throw new UserError('SPACECTL_TOO_LARGE', `A Kubernetes Secret holds 1 MiB at most; the bundle has ${size} bytes`, {
      suggestions: ['Extend a smaller base, or bake the bundle into the runner image'],
    });
  }
  const manifest = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, ...(namespace && { namespace }) },
    type: 'Opaque',
    data: { bundle: bundle.toString('base64') },
  };
  const isTooLargeToApply = Buffer.byteLength(JSON.stringify(manifest)) > ANNOTATION_LIMIT;
  const warning =
    'It is larger than the 256 KiB that kubectl apply can keep in an annotation: apply it server-side, as below';
  return {
    bytes: Buffer.from(stringify(manifest, { lineWidth: 0 })),
    warnings: isTooLargeToApply ? [warning] : [],
    next: [
      `kubectl apply ${isTooLargeToApply ? '--server-side ' : ''}-f ${wordFor(file)}`,
      `Mount the key "bundle" of the Secret ${name} as ca-certificates.crt in /etc/ssl/certs of the workers`,
    ],
  };
}

/** The bundle in such a manifest; the bytes themselves where there is none. */
export function bundleInSecret(bytes: Buffer): Buffer {
  const manifest: unknown = parse(bytes.toString('utf8'));
  const text = (manifest as { data?: { bundle?: unknown } } | null)?.data?.bundle;
  return typeof text === 'string' ? Buffer.from(text, 'base64') : bytes;
}
