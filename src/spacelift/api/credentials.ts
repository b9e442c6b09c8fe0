/** Credentials for requests, and where they came from. */
export type Credentials = {
  readonly endpoint: string;
  /** Where they came from, for messages. */
  readonly source: string;
  /** Alias of the profile they came from. */
  readonly profile?: string;
} & (
  | { readonly method: 'token'; readonly token: string }
  | { readonly method: 'github'; readonly token: string }
  | { readonly method: 'apikey'; readonly keyId: string; readonly keySecret: string }
);

/** A way to log in, as Spacelift's CLI calls it. */
export type Method = Credentials['method'];
