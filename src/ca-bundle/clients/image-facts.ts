import type { Environment, Examination } from '../../oci/index.ts';

/** What decides which file each client in an image reads. */
export interface ImageFacts {
  /** The environment variables that its containers start with; `undefined` if nothing says which. */
  readonly environment: Environment | undefined;
  readonly examination: Examination;
}
