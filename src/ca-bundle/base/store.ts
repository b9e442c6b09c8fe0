import type { ImageLocation } from '../../oci/index.ts';
import type { Lock } from '../lock.ts';

/** A trust store to extend, and what the lock file says about where it came from. */
export interface Base {
  readonly bytes: Buffer;
  /** For people: "the image …". */
  readonly origin: string;
  readonly provenance: Pick<Lock, 'source' | 'image' | 'mozilla' | 'file' | 'mountPath' | 'mountPaths'>;
  readonly warnings: readonly string[];
}

/** Where a base is kept: an image, or a bundle file. */
export type BaseLocation =
  | (ImageLocation & {
      /** Whether an engine of this machine may stand in for a registry that cannot be reached. */
      readonly mayUseEngine?: boolean;
    })
  | { readonly kind: 'file'; readonly path: string };
