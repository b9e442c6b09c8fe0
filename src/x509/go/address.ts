import { parseUrl } from '../../core/url.ts';

/**
 * Formats an IP address in the one way of WHATWG's URLs: `127.0.0.1`, `[::1]`.
 * @param text without brackets
 * @returns `undefined` for anything else
 */
export function canonicalAddress(text: string): string | undefined {
  if (text.includes(':')) return parseUrl(`http://[${text}]`)?.hostname;
  return /^\d{1,3}(?:\.\d{1,3}){3}$/.test(text) ? parseUrl(`http://${text}`)?.hostname : undefined;
}

/** Formats the octets of an address in the same way. */
export function addressOf(octets: Buffer): string | undefined {
  const isIpv6 = octets.length === 16;
  return canonicalAddress(isIpv6 ? octets.toString('hex').replace(/.{4}(?=.)/g, '$&:') : [...octets].join('.'));
}
