import type { Credentials } from './credentials.ts';
import type { Operation, Variables, Viewer } from './operation.ts';
import type { Session } from './session.ts';

/** Spacelift's API for one account. */
export interface Api {
  readonly credentials: Credentials;
  readonly session: Session;
  /**
   * Sends an operation, after logging in if necessary.
   * @returns the value of its top-level field
   * @throws UserError `SPACECTL_NOT_ALLOWED`, `SPACECTL_UNREACHABLE`, `SPACECTL_REQUEST_REFUSED` in Spacelift's own words;
   *   UnconfirmedError if a mutation may have been carried out
   */
  send<T>(operation: Operation<T>, variables: Variables, signal: AbortSignal): Promise<T>;
  /** Asks who is logged in. @throws UserError `SPACECTL_NOT_ALLOWED` if the token is not valid */
  viewer(signal: AbortSignal): Promise<Viewer>;
  close(): void;
}
