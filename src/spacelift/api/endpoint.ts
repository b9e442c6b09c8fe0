import { UserError } from '../../core/errors.ts';
import { isLoopback } from '../../http/index.ts';

/**
 * An account's address as people write it (`acme.app.spacelift.io`, with or without scheme, slash or `/graphql`), in the
 * one form the vendor's CLI stores: `https://acme.app.spacelift.io`. Plain HTTP is for this machine itself only, since
 * every request carries a secret.
 * @throws UserError `SPACECTL_BAD_INPUT`
 */
export function parseEndpoint(text: string): string {
  const written = /^[a-z]+:/i.test(text.trim()) ? text.trim() : `https://${text.trim()}`;
  const url = URL.canParse(written) ? new URL(written) : undefined;
  if (!url?.hostname || !/^https?:$/.test(url.protocol)) throw bad(`"${text}" is not the address of an account`);
  if (url.username || url.password || url.search || url.hash)
    throw bad('The address of an account has no login and no query');
  if (url.protocol === 'http:' && !isLoopback(url.hostname)) throw bad(`"${text}" would send secrets unencrypted`);
  return `${url.origin}${url.pathname.replace(/(?:\/+graphql)?\/*$/, '')}`;
}

function bad(message: string): UserError {
  return new UserError('SPACECTL_BAD_INPUT', message, { suggestions: ['https://ACCOUNT.app.spacelift.io'] });
}
