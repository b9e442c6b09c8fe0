import { UserError } from '../../core/errors.ts';
import { withoutTrailing } from '../../core/text.ts';
import { parseUrl } from '../../core/url.ts';
import { isLoopback } from '../../http/index.ts';

/**
 * Parses an account's address as people write it (`acme.app.spacelift.io`, with or without scheme, slash or `/graphql`). The
 * name of an account alone is refused, because the address also tells where the account is (EU or US). Returns it
 * as Spacelift's CLI stores it: `https://acme.app.spacelift.io`. Allows plain HTTP only to this machine, since every request
 * carries a secret.
 * @throws UserError `SPACECTL_BAD_INPUT`
 */
export function parseEndpoint(text: string): string {
  const written = /^[a-z]+:/i.test(text.trim()) ? text.trim() : `https://${text.trim()}`;
  const url = parseUrl(written);
  if (!url?.hostname || !/^https?:$/.test(url.protocol))
    throw bad(`"${text}" is not the address of a Spacelift account`);
  if (written !== text.trim() && isBareName(url.hostname))
    throw bad(`"${text}" is a name, not the address of a Spacelift account`, url.hostname);
  if (url.username || url.password || url.search || url.hash)
    throw bad('The address of a Spacelift account must not contain a login, a query or a fragment');
  if (url.protocol === 'http:' && !isLoopback(url.hostname))
    throw bad(`"${text}": plain HTTP would send secrets unencrypted`);
  const path = withoutTrailing(url.pathname, '/');
  return `${url.origin}${path.endsWith('/graphql') ? withoutTrailing(path.slice(0, -'/graphql'.length), '/') : path}`;
}

/** Reports whether a host name has no dot between two labels, and does not mean this machine. */
function isBareName(hostname: string): boolean {
  return !/[^.]\.[^.]/.test(hostname) && !isLoopback(hostname) && !hostname.startsWith('[');
}

function bad(message: string, account = 'ACCOUNT'): UserError {
  return new UserError('SPACECTL_BAD_INPUT', message, {
    suggestions: [
      `Use an address such as https://${account}.app.spacelift.io, or https://${account}.app.us.spacelift.io in the US`,
    ],
  });
}
