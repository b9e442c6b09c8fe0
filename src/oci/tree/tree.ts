/**
 * The files of an image, as far as they are known: some layers on top of others that have not been read. A directory is
 * *transparent* where unread layers may have more in it, and *assumed* where nothing read so far says that it is a
 * directory at all: below, it may be a symbolic link that sends what was written there somewhere else.
 */
export interface Directory {
  readonly kind: 'directory';
  readonly children: Map<string, Node>;
  isTransparent: boolean;
  isAssumed: boolean;
}

export type Node =
  | Directory
  /** Where its content is: the layer, counted from the bottom, and the position of the entry in it. */
  | { readonly kind: 'file'; readonly layer: number; readonly position: number; readonly size: number }
  | { readonly kind: 'symbolic link'; readonly target: string }
  /** Devices, pipes, sparse files: what has no content that could be a trust store. */
  | { readonly kind: 'other' }
  /** Known not to be there, whatever unread layers say. */
  | { readonly kind: 'absent' }
  /** A hard link to something not known yet; `names`: what the layers have to be asked about to know it. */
  | { readonly kind: 'unknown'; readonly names: readonly string[] }
  /** A hard link to nothing. */
  | { readonly kind: 'dangling'; readonly target: string };

export const ABSENT: Node = { kind: 'absent' };

export function directory({ isTransparent = false, isAssumed = false } = {}): Directory {
  return { kind: 'directory', children: new Map(), isTransparent, isAssumed };
}

/** What a directory has under a name: `undefined` if only unread layers can tell. */
export function childOf(parent: Directory, name: string): Node | undefined {
  return parent.children.get(name) ?? (parent.isTransparent ? undefined : ABSENT);
}
