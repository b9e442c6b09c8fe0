import path from 'node:path';
import * as v from 'valibot';
import { UserError } from '../../core/errors.ts';
import { BadJson, readJson } from '../../core/json.ts';
import { CLIENTS } from '../clients/client.ts';
import { isKubernetesName } from '../formats/kubernetes-name.ts';
import type { Lock } from './lock.ts';

const words = v.array(v.string());
/** The program writes to this path: it must not lead out of the lock file's folder, on any system. */
const besideLock = v.pipe(
  v.string(),
  v.check((name) => /^[^/\\\0]+$/.test(name) && name !== '.' && name !== '..', 'is not the name of a file beside it'),
);
/** As `--image-path` has it: the path becomes part of a mount. */
const pathInImage = v.pipe(v.string(), v.regex(/^\/[^:,\0\r\n]+$/, 'is not an absolute path without colon and comma'));
const kubernetesName = v.pipe(v.string(), v.check(isKubernetesName, 'is not a name that Kubernetes allows'));
const certificates = v.array(
  v.looseObject({
    subject: v.string(),
    fingerprint: v.string(),
    notAfter: v.pipe(
      v.string(),
      v.check((time) => !Number.isNaN(Date.parse(time))),
    ),
    source: v.string(),
  }),
);

const digest = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));
const source = v.looseObject({
  folder: v.exactOptional(v.string()),
  files: v.array(v.looseObject({ path: v.string(), sha256: digest })),
});
const client = v.looseObject({
  client: v.picklist(CLIENTS),
  reads: words,
  sees: v.picklist(['yes', 'no', 'with variable', 'unknown']),
  variable: v.exactOptional(v.string()),
  basis: v.picklist(['measured', 'documented']),
  source: v.string(),
});
const policy = v.looseObject({
  expired: v.exactOptional(v.picklist(['keep', 'skip'])),
  allowNonCa: v.exactOptional(v.literal(true)),
  skipNonCa: v.exactOptional(v.literal(true)),
});

// What a later version adds is kept.
const schema: v.GenericSchema<unknown, Lock> = v.looseObject({
  version: v.literal(1),
  source: v.picklist(['registry', 'docker', 'podman', 'archive', 'oci-layout', 'dir', 'file', 'mozilla']),
  image: v.exactOptional(
    v.looseObject({
      reference: v.string(),
      indexDigest: v.exactOptional(v.string()),
      manifestDigest: v.exactOptional(v.string()),
      imageId: v.exactOptional(v.string()),
      platform: v.string(),
      path: pathInImage,
      resolvedPath: v.string(),
      layer: v.exactOptional(v.string()),
      verifiedLayers: words,
      unverifiedLayers: v.exactOptional(words),
    }),
  ),
  file: v.exactOptional(v.looseObject({ path: v.string() })),
  mozilla: v.exactOptional(v.looseObject({ node: v.string() })),
  mountPath: pathInImage,
  mountPaths: v.exactOptional(v.array(pathInImage)),
  allPaths: v.exactOptional(v.literal(true)),
  clients: v.exactOptional(v.array(client)),
  base: v.looseObject({ sha256: v.string(), certificates: v.number() }),
  normalize: v.exactOptional(v.literal(true)),
  result: v.looseObject({ file: v.exactOptional(besideLock), sha256: v.string(), certificates: v.number() }),
  format: v.exactOptional(v.picklist(['base64', 'secret-manifest'])),
  secret: v.exactOptional(v.looseObject({ name: kubernetesName, namespace: v.exactOptional(kubernetesName) })),
  given: v.array(source),
  policy: v.exactOptional(policy),
  added: certificates,
  inBase: v.exactOptional(certificates),
});

/** Reads a lock file. @throws UserError `SPACECTL_BAD_DATA` */
export function readLock(bytes: Uint8Array, file: string): Lock {
  try {
    const lock = readJson(schema, Buffer.from(bytes).toString('utf8'));
    rejectContradiction(lock, file);
    return lock;
  } catch (cause) {
    const { message } = cause as BadJson;
    throw new UserError('SPACECTL_BAD_DATA', `${file} is not a lock file of this version of spacectl: ${message}`, {
      suggestions: [
        { text: 'Build the bundle and its lock file again', command: 'spacectl ca-bundle build --ca FILE --force' },
      ],
      cause,
    });
  }
}

/** Rejects what each field alone allows. @throws BadJson */
function rejectContradiction({ source, image, file: base, result }: Lock, file: string): void {
  const isMissing = source === 'file' ? !base : source !== 'mozilla' && !image;
  const name = source === 'file' ? 'file' : 'image';
  if (isMissing) throw new BadJson(`"${name}" is missing, which the source ${source} requires`);
  if (result.file === path.basename(file)) throw new BadJson('"result.file" is not the name of a file beside it');
}
