/** With what requests are made, and in whose words that was said. */
export type Credentials = {
  readonly endpoint: string;
  readonly source: string;
  /** Alias of the profile they are from. */
  readonly profile?: string;
} & (
  | { readonly method: 'token'; readonly token: string }
  | { readonly method: 'github'; readonly token: string }
  | { readonly method: 'apikey'; readonly keyId: string; readonly keySecret: string }
);

/** How one logs in: as the vendor's CLI calls it. */
export type Method = Credentials['method'];
