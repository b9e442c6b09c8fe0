/** The values that the resources of one pool share. */
export interface EcsNames {
  readonly slug: string;
  readonly arch: 'x86_64' | 'arm64';
  readonly launchType: 'EC2';
  readonly strategy: 'daemon' | 'replica';
}

/**
 * Returns the name of the cluster, and the beginning of the names of all that belongs to it. Each strategy has a cluster of
 * its own: while one replaces the other, their launchers are not on the same instances.
 */
export function baseName({ slug, strategy }: EcsNames): string {
  return `spacelift-${slug}${strategy === 'replica' ? '-replica' : ''}`;
}

/** What all that is replaced together has in common: the new one exists before the old one is removed. */
export const REPLACED_TOGETHER = { create_before_destroy: true } as const;
