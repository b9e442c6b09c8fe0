import { parse } from 'yaml';
import { UserError } from '../../core/errors.ts';
import { formatCount, listed, quoteIfNeeded } from '../../core/text.ts';
import { formatYamlDocument } from '../../core/yaml.ts';
import type { FormattedBundle, SecretTarget } from './formatted-bundle.ts';

/** Bytes of all values of a Kubernetes Secret (Kubernetes, MaxSecretSize). */
const SECRET_LIMIT = 1024 * 1024;
/** Bytes of all annotations; a client-side `kubectl apply` stores the whole manifest in one. */
const ANNOTATION_LIMIT = 256 * 1024;

/**
 * Formats the Secret that Kubernetes workers mount: the manifest of
 * `kubectl create secret generic NAME --from-file=bundle=FILE`.
 * @throws UserError `SPACECTL_TOO_LARGE`
 */
export function asSecret(bundle: Buffer, file: string, { name, namespace, mountPaths }: SecretTarget): FormattedBundle {
  if (bundle.length > SECRET_LIMIT) {
    const size = formatCount(bundle.length);
    throw new UserError('SPACECTL_TOO_LARGE', `The bundle has ${size} bytes; a Kubernetes Secret holds at most 1 MiB`, {
      suggestions: ['Extend a smaller base, or add the bundle to the runner image'],
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
    'The manifest is larger than the 256 KiB that kubectl apply can store in an annotation. Apply it server-side, as below';
  return {
    bytes: Buffer.from(formatYamlDocument(manifest)),
    warnings: isTooLargeToApply ? [warning] : [],
    next: [
      {
        text: 'Create the Secret',
        command: `kubectl apply ${isTooLargeToApply ? '--server-side ' : ''}-f ${quoteIfNeeded(file)}`,
      },
      `Mount the key "bundle" of the Secret ${name} as ${listed(mountPaths)} in the workers`,
    ],
  };
}

/** Extracts the bundle from such a manifest; returns the bytes unchanged if it has none, or is damaged. */
export function bundleInSecret(bytes: Buffer): Buffer {
  const text = (parsed(bytes) as { data?: { bundle?: unknown } } | null)?.data?.bundle;
  return typeof text === 'string' ? Buffer.from(text, 'base64') : bytes;
}

function parsed(bytes: Buffer): unknown {
  try {
    return parse(bytes.toString('utf8'), { logLevel: 'error' });
  } catch {
    return null;
  }
}
