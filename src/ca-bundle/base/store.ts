import type { ImageLocation } from '../../oci/index.ts';
import type { ImageFacts } from '../clients/image-facts.ts';
import type { ClientMap } from '../clients/map.ts';
import type { Lock } from '../lock/lock.ts';

type OriginField = 'source' | 'image' | 'mozilla' | 'file' | 'mountPath' | 'mountPaths' | 'allPaths' | 'clients';

/** A trust store to extend, and its origin for the lock file. */
export interface Base {
  readonly bytes: Buffer;
  /** For messages: "/etc/ssl/cert.pem of …". */
  readonly origin: string;
  readonly provenance: Pick<Lock, OriginField>;
  readonly warnings: readonly string[];
  /** What is known of the image that the base is from. */
  readonly image?: ImageFacts & { readonly map: ClientMap };
}

/** Where a base is stored: an image, or a bundle file. */
export type BaseLocation =
  | (ImageLocation & {
      /** Whether any engine of this machine may be used: if the registry cannot be reached, or for an image's ID. */
      readonly mayUseEngine?: boolean;
    })
  | { readonly kind: 'file'; readonly path: string }
  /** Standard input (`-`) or a pipe: an archive or a bundle, as shows when it is read. */
  | { readonly kind: 'stream'; readonly path: string; readonly name?: string };
