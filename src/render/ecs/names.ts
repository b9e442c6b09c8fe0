/** The values that the resources of one pool share. */
export interface EcsNames {
  readonly slug: string;
  readonly arch: 'x86_64' | 'arm64';
  readonly strategy: 'daemon' | 'replica';
}
