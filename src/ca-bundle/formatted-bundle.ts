/** A file of another shape, and what there is to say about it. */
export interface Shaped {
  readonly bytes: Buffer;
  readonly warnings: readonly string[];
  /** What to do with it. */
  readonly next: readonly string[];
}

/** What a Secret is called, and where it goes. */
export interface SecretPlace {
  readonly name: string;
  readonly namespace: string | undefined;
}
