import { badImage } from '../bad-image.ts';
import type { Layer } from '../image.ts';

const LAYER = /^application\/vnd\.(oci\.image\.layer\.v1\.tar|docker\.image\.rootfs\.diff\.tar)([.+](gzip|zstd))?$/;
const FOREIGN = /nondistributable|\.foreign\./;

/** How a layer is called in errors and progress: `the layer sha256:0123456789ab…`. */
export function nameOf({ digest }: Layer): string {
  return `The layer ${digest.slice(0, digest.indexOf(':') + 13)}…`;
}

/** Refuses layers that no registry can be expected to hand out readable. @throws UserError `SPACECTL_BAD_IMAGE` */
export function refuseUnreadable(layer: Layer): void {
  const { mediaType } = layer;
  if (LAYER.test(mediaType)) return;
  const name = nameOf(layer);
  if (mediaType.endsWith('+encrypted')) throw badImage(`${name} is encrypted (${mediaType})`);
  if (FOREIGN.test(mediaType)) throw badImage(`${name} is not kept in the registry but elsewhere (${mediaType})`);
  throw badImage(`${name} is no file system layer (${mediaType}): is this a container image?`);
}
