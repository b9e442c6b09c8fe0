/**
 * A directory of an image, as far as it is known from the layers read. It is *transparent* if unread layers below may have
 * more in it, and *assumed* if no layer read so far says that it is a directory: in a lower layer it may be a symbolic
 * link, and then its entries belong in the link's target.
 */
export interface Directory {
  readonly kind: 'directory';
  readonly children: Map<string, Node>;
  isTransparent: boolean;
  isAssumed: boolean;
}

/** An entry of a directory. */
export type Node =
  | Directory
  /** The content is in a layer, counted from the bottom, at a position among its entries. */
  | { readonly kind: 'file'; readonly layer: number; readonly position: number; readonly size: number }
  | { readonly kind: 'symbolic link'; readonly target: string }
  /** Devices, pipes, sparse files: entries without content that could be a trust store. */
  | { readonly kind: 'other' }
  /** Does not exist, whatever unread layers hold. */
  | { readonly kind: 'absent' }
  /** A hard link to something unknown; `names`: what the layers must be scanned for to resolve it. */
  | { readonly kind: 'unknown'; readonly names: readonly string[] }
  /** A hard link whose target does not exist. */
  | { readonly kind: 'dangling'; readonly target: string };

/** The node of a name that does not exist. */
export const ABSENT: Node = { kind: 'absent' };

/** Creates an empty directory. */
export function directory({ isTransparent = false, isAssumed = false } = {}): Directory {
  return { kind: 'directory', children: new Map(), isTransparent, isAssumed };
}

/** Returns what a directory has under a name; `undefined` if unread layers decide. */
export function childOf(parent: Directory, name: string): Node | undefined {
  return parent.children.get(name) ?? (parent.isTransparent ? undefined : ABSENT);
}
