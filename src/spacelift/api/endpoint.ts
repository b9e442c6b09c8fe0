import { UserError } from '../../core/errors.ts';
import { withoutTrailing } from '../../core/text.ts';
import { parseUrl } from '../../core/url.ts';
import { isLoopback } from '../../http/index.ts';

/**
 * Parses an account's address as people write it (`acme.app.spacelift.io`, with or without scheme, slash or `/graphql`).
 * Returns it as Spacelift's CLI stores it: `https://acme.app.spacelift.io`. Allows plain HTTP only to this machine, since
 * every request carries a secret.
 * @throws UserError `SPACECTL_BAD_INPUT`
 */
export function parseEndpoint(text: string): string {
  const written = /^[a-z]+:/i.test(text.trim()) ? text.trim() : `https://${text.trim()}`;
  const url = parseUrl(written);
  if (!url?.hostname || !/^https?:$/.test(url.protocol))
    throw bad(`"${text}" is not the address of a Spacelift account`);
  if (url.username || url.password || url.search || url.hash)
    throw bad('The address of a Spacelift account must not contain a login, a query or a fragment');
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw bad(`"${text}": plain HTTP would send secrets unencrypted`);
  const path = withoutTrailing(url.pathname, '/');
  return `${url.origin}${path.endsWith('/graphql') ? withoutTrailing(path.slice(0, -'/graphql'.length), '/') : path}`;
}

function bad(message: string): UserError {
  return new UserError('SPACECTL_BAD_INPUT', message, {
    suggestions: ['Use an address such as https://ACCOUNT.app.spacelift.io'],
  });
}
