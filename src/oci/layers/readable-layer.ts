import { badImage } from '../bad-image.ts';
import type { Layer } from '../image.ts';

const LAYER = /^application\/vnd\.(oci\.image\.layer\.v1\.tar|docker\.image\.rootfs\.diff\.tar)([.+](gzip|zstd|xz))?$/;
const FOREIGN = /nondistributable|\.foreign\./;

/** Names a layer at the start of an error: `The layer sha256:0123456789ab…`. */
export function layerName({ digest }: Layer): string {
  return `The layer ${digest.slice(0, digest.indexOf(':') + 13)}…`;
}

/** Rejects layers that are encrypted, stored outside the registry, or not file systems. @throws UserError `SPACECTL_BAD_IMAGE` */
export function rejectUnreadable(layer: Layer): void {
  const { mediaType } = layer;
  if (LAYER.test(mediaType)) return;
  const name = layerName(layer);
  if (mediaType.endsWith('+encrypted')) throw badImage(`${name} is encrypted (${mediaType})`);
  if (FOREIGN.test(mediaType)) throw badImage(`${name} is not stored in the registry (${mediaType})`);
  throw badImage(`${name} is not a file system layer (${mediaType}): the image may not be a container image`);
}
