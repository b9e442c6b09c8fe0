import type { Credentials } from './credentials.ts';
import type { Session } from './session.ts';

/** One operation on the API, and whether sending it twice does no more than sending it once. */
export interface Operation {
  /** GraphQL with one field at its top. */
  readonly document: string;
  /** What it does, as it reads after "may not": "create worker pools". */
  readonly act: string;
  readonly isRepeatable: boolean;
}

/** Spacelift's API for one account. */
export interface Api {
  readonly credentials: Credentials;
  readonly session: Session;
  /**
   * Sends an operation, and logs in for it where that is due.
   * @returns the value of its one field
   * @throws UserError `SPACECTL_NOT_ALLOWED`, `SPACECTL_UNREACHABLE`, `SPACECTL_REQUEST_REFUSED` in Spacelift's own words
   */
  send<T>(operation: Operation, variables: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<T>;
  close(): void;
}
