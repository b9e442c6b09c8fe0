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
}
