import type * as v from 'valibot';

/** One operation of the API. */
export interface Operation<T> {
  readonly kind: 'query' | 'mutation';
  /** Its only top-level field. */
  readonly field: string;
  /** Writes the document. @param has says whether the server knows an optional field */
  document(has: (name: string) => boolean): string;
  /** Fields that older releases of Spacelift Self-Hosted lack: the server is asked again without them. */
  readonly optional?: readonly string[];
  /** What it does, in words that follow "permission to": "create a worker pool". */
  readonly act: string;
  /** Whether sending it twice has the same effect as sending it once. */
  readonly isRepeatable: boolean;
  /** The type of the field's value. */
  readonly schema: v.GenericSchema<unknown, T>;
}

/** Who is logged in. */
export interface Viewer {
  /** For an API key, `api::` and the ID of the key. */
  readonly id: string;
  readonly name: string;
}

export type Variables = Readonly<Record<string, unknown>>;
