/** Secrets that this run has read, in every form in which a text may hold them. */
const known = new Set<string>();

/** A shorter one would remove parts of ordinary words. */
const SHORTEST = 6;

/** Remembers a secret, so that `redact` removes it. @returns the secret */
export function rememberSecret(secret: string): string {
  if (secret.length < SHORTEST) return secret;
  const bytes = Buffer.from(secret);
  const forms = [
    secret,
    // Half of a surrogate pair, which JSON can hold, has no encoding.
    encodeURIComponent(bytes.toString()),
    JSON.stringify(secret).slice(1, -1),
    bytes.toString('base64'),
    bytes.toString('base64url'),
    bytes.toString('hex'),
  ];
  for (const form of forms) known.add(form);
  return secret;
}

/** Remembers what an `Authorization` header is made of. @returns the header's value */
export function rememberAuthorization(value: string): string {
  const [scheme = '', credentials = ''] = value.split(' ', 2);
  rememberSecret(credentials);
  const [, password = ''] =
    scheme === 'Basic' ? (/:([\s\S]*)$/.exec(Buffer.from(credentials, 'base64').toString()) ?? []) : [];
  rememberSecret(password);
  return value;
}

/** Forgets them all: one process runs several tests, and what is a secret in one is ordinary text in another. */
export function forgetSecrets(): void {
  known.clear();
}

const REDACTED = '[redacted]';

/** What looks like a secret even if it was never read as one, such as a token in the place of a file's name. */
const SHAPES: readonly (readonly [RegExp, string])[] = [
  [/-----BEGIN ([A-Z ]*PRIVATE KEY)-----[\s\S]*?(?:-----END \1-----|$)/g, REDACTED],
  // The same in base64: PRIVATE KEY, and RSA, EC or ENCRYPTED before it.
  [/LS0tLS1CRUdJTi(?:BQUklWQVRF|BSU0EgUFJJVkFU|BFQyBQUklWQVRF|BFTkNSWVBURUQg)[\w+/=-]*/g, REDACTED],
  // JSON in base64: a JSON Web Token (RFC 7519), or the token of a worker pool.
  [/\beyJ[\w+/=-]{24,}(?:\.[\w-]+){0,2}/g, REDACTED],
  // https://docs.github.com/en/authentication, "GitHub's token formats"; GitLab's personal access tokens.
  [/\b(?:gh[oprsu]_\w{16,}|github_pat_\w{16,}|glpat-[\w-]{16,})/g, REDACTED],
  [/(\bauthorization["']?\s*[:=]\s*["']?[a-z]+\s+)[^\s"',]+/gi, `$1${REDACTED}`],
  // In a URL; what is in capitals is an example of ours.
  [/(\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@'"]{0,200}):(?!PASSWORD@)[^\s/@'"]{1,1000}@/g, `$1:${REDACTED}@`],
];

/** Removes secrets from a text for people. */
export function redact(text: string): string {
  let redacted = text;
  // The longest first: one secret may be a part of another.
  for (const secret of [...known].toSorted((one, other) => other.length - one.length)) {
    redacted = redacted.replaceAll(secret, REDACTED);
  }
  for (const [shape, replacement] of SHAPES) redacted = redacted.replace(shape, replacement);
  return redacted;
}
