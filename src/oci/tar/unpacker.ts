/** Unpacks stored bytes as they come. */
export interface Unpacker {
  /** Resolves once the chunk is processed. */
  write(chunk: Buffer): Promise<void>;
  /** @throws UserError `SPACECTL_BAD_IMAGE` if the data is incomplete */
  end(): Promise<void>;
  /** Frees its resources; may be called at any time. */
  destroy(): void;
}
