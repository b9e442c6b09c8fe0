import type { Plan } from '../../step/plan.ts';

/** A bundle in a format, with warnings and next steps. */
export interface FormattedBundle {
  readonly bytes: Buffer;
  readonly warnings: readonly string[];
  /** What the user should do next. */
  readonly next: NonNullable<Plan['next']>;
}

/** The name and namespace of a Secret, and the paths where workers must mount it. */
export interface SecretTarget {
  readonly name: string;
  readonly namespace: string | undefined;
  readonly mountPaths: readonly string[];
}
