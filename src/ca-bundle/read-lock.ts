import * as v from 'valibot';
import { UserError } from '../core/errors.ts';
import { type BadJson, readJson } from '../core/json.ts';
import type { Lock } from './lock.ts';

const words = v.array(v.string());
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

// What a later version adds is kept.
const schema: v.GenericSchema<unknown, Lock> = v.looseObject({
  version: v.literal(1),
  source: v.picklist(['registry', 'docker', 'podman', 'archive', 'oci-layout', 'file', 'mozilla']),
  image: v.exactOptional(
    v.looseObject({
      reference: v.string(),
      indexDigest: v.exactOptional(v.string()),
      manifestDigest: v.exactOptional(v.string()),
      imageId: v.exactOptional(v.string()),
      platform: v.string(),
      path: v.string(),
      resolvedPath: v.string(),
      layer: v.exactOptional(v.string()),
      verifiedLayers: words,
      unverifiedLayers: v.exactOptional(words),
    }),
  ),
  file: v.exactOptional(v.looseObject({ path: v.string() })),
  mozilla: v.exactOptional(v.looseObject({ node: v.string() })),
  mountPath: v.string(),
  mountPaths: v.exactOptional(words),
  base: v.looseObject({ sha256: v.string(), certificates: v.number() }),
  result: v.looseObject({ file: v.exactOptional(v.string()), sha256: v.string(), certificates: v.number() }),
  format: v.exactOptional(v.picklist(['base64', 'secret-manifest'])),
  secret: v.exactOptional(v.looseObject({ name: v.string(), namespace: v.exactOptional(v.string()) })),
  added: certificates,
  inBase: v.exactOptional(certificates),
});

/** Reads a lock file. @throws UserError `SPACECTL_BAD_DATA` */
export function readLock(bytes: Uint8Array, file: string): Lock {
  try {
    return readJson(schema, Buffer.from(bytes).toString('utf8'));
  } catch (cause) {
    const { message } = cause as BadJson;
    throw new UserError('SPACECTL_BAD_DATA', `${file} is not a lock file of this version of spacectl: ${message}`, {
      suggestions: ['spacectl ca-bundle build --force builds the bundle and its lock file again'],
      cause,
    });
  }
}
