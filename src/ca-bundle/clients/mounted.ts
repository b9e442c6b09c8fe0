import path from 'node:path';
import type { Examination, PathTarget } from '../../oci/index.ts';

/** What a container sees of a bundle that is mounted; `undefined` where unread layers decide. */
export interface Mounted {
  /** Reports whether a path leads to the bundle. */
  isAt(file: string): boolean | undefined;
  /** Reports whether a directory has the bundle in it. */
  isIn(directory: string): boolean | undefined;
  /** Returns where a path leads without the mounts. */
  targetOf(file: string): PathTarget;
}

/**
 * Models mounts over paths of an image. A mount over a link covers what the link leads to, and one over a path that does not
 * exist creates it (runc, libcontainer/rootfs_linux.go, createMountpoint).
 */
export function mountedAt(mounts: readonly string[], { paths }: Examination): Mounted {
  const targetOf = (file: string): PathTarget => paths[file] ?? { kind: 'unknown' };
  const covered = new Set(mounts.map((each) => resolved(each, targetOf(each))));
  const isAt = (file: string): boolean | undefined => {
    const target = targetOf(file);
    if (covered.has(resolved(file, target))) return true;
    return target.kind === 'unknown' ? undefined : false;
  };
  // A link to the bundle in a directory is read too.
  const all = [...covered, ...mounts, ...Object.keys(paths).filter((each) => isAt(each))];
  const folders = new Set(all.map((each) => path.posix.dirname(each)));
  return {
    targetOf,
    isAt,
    isIn(directory) {
      const target = targetOf(directory);
      if (folders.has(directory) || folders.has(resolved(directory, target))) return true;
      return target.kind === 'unknown' ? undefined : false;
    },
  };
}

function resolved(given: string, target: PathTarget): string {
  return 'resolvedPath' in target ? target.resolvedPath : given;
}
