import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { isLoopback } from './loopback.ts';

/**
 * Reports whether a URL bypasses the proxy, by the rules of Go's golang.org/x/net/http/httpproxy, which the launcher and
 * most other programs follow: `example.com` matches itself and its subdomains, `.example.com` and `*.example.com` only
 * the subdomains; `10.0.0.0/8` and `10.1.2.3` match addresses that are written in the URL (names are not resolved);
 * `:8443` after a name or address limits it to that port; `*` matches everything. Loopback always bypasses the proxy.
 *
 * @param exceptions the value of `NO_PROXY`: entries separated by commas, or by blanks as curl allows
 */
export function isExempt(url: URL, exceptions: string): boolean {
  if (isLoopback(url.hostname)) return true;
  const host = withoutBrackets(url.hostname);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => matches(entry, host, port));
}

/** Removes the brackets that a URL has around an IPv6 address: `::1` for `[::1]`. */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function matches(entry: string, host: string, port: string): boolean {
  if (entry === '*') return true;
  const [, network, prefix] = /^([\d.]+|[\da-f:.]+)\/(\d{1,3})$/.exec(entry) ?? [];
  if (network) return isWithin(host, network, Number(prefix));
  const [, name = entry, wanted = port] = /^(\[.+\]|[^:]+):(\d+)$/.exec(entry) ?? [];
  if (wanted !== port) return false;
  const address = withoutBrackets(name);
  if (isIP(address)) return isWithin(host, address, isIP(address) === 4 ? 32 : 128);
  const [, below, domain = ''] = /^(\*?\.)?(.*)$/.exec(name) ?? [];
  const suffix = domainToASCII(domain);
  return suffix !== '' && (host.endsWith(`.${suffix}`) || (!below && host === suffix));
}

function isWithin(host: string, network: string, prefix: number): boolean {
  const isIpv4 = isIP(network) === 4;
  if (!isIP(host) || !isIP(network) || prefix > (isIpv4 ? 32 : 128)) return false;
  const block = new BlockList();
  block.addSubnet(network, prefix, isIpv4 ? 'ipv4' : 'ipv6');
  return block.check(host, isIP(host) === 4 ? 'ipv4' : 'ipv6');
}
