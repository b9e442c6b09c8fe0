import { UserError } from '../../core/errors.ts';

/** Credentials for a registry. */
export type Credentials =
  | { readonly username: string; readonly password: string }
  /** An OAuth 2 refresh token, as `docker login` stores for some registries. */
  | { readonly identityToken: string };

/** Where stored credentials are looked up; `report` is told of those that cannot be used. */
export interface CredentialOptions {
  readonly environment: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly report: (progress: string) => void;
  /** Where absolute paths begin. Tests replace it. */
  readonly root?: string | undefined;
}

/** Reports that a token server rejected a login. A proxy that wants one throws another error. */
export class RejectedLogin extends UserError {
  constructor(message: string) {
    super('SPACECTL_NOT_ALLOWED', message);
  }
}
