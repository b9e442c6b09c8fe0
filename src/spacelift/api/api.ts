import type { Credentials } from './credentials.ts';
import type { Session } from './session.ts';

/** One operation of the API. */
export interface Operation {
  /** GraphQL with a single top-level field. */
  readonly document: string;
  /** What it does, in words that follow "permission to": "create a worker pool". */
  readonly act: string;
  /** Whether sending it twice has the same effect as sending it once. */
  readonly isRepeatable: boolean;
}

/** Spacelift's API for one account. */
export interface Api {
  readonly credentials: Credentials;
  readonly session: Session;
  /**
   * Sends an operation, after logging in if necessary.
   * @returns the value of its top-level field
   * @throws UserError `SPACECTL_NOT_ALLOWED`, `SPACECTL_UNREACHABLE`, `SPACECTL_REQUEST_REFUSED` in Spacelift's own words
   */
  send<T>(operation: Operation, variables: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<T>;
  close(): void;
}
