import { BlockList, isIP } from 'node:net';
import { domainToASCII } from 'node:url';
import { isLoopback } from './loopback.ts';

/**
 * Whether a URL is to be asked for directly, by the rules of Go's golang.org/x/net/http/httpproxy, which the launcher and
 * most programs beside it follow: `example.com` means it and all below it, `.example.com` and `*.example.com` only what is
 * below it; `10.0.0.0/8` and `10.1.2.3` mean addresses as they stand in the URL (nothing is looked up); `:8443` at the end
 * of a name or address means that port alone; `*` means everything. This machine itself is never asked for through a proxy.
 *
 * @param exceptions the value of `NO_PROXY`: entries between commas, or blanks as curl has it
 */
export function isExempt(url: URL, exceptions: string): boolean {
  if (isLoopback(url.hostname)) return true;
  const host = withoutBrackets(url.hostname);
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return exceptions
    .toLowerCase()
    .split(/[\s,]+/)
    .some((entry) => isMeant(entry, host, port));
}

/** A host as addresses are written outside of URLs: `::1` for `[::1]`. */
export function withoutBrackets(hostname: string): string {
  return hostname.replace(/^\[(.*)\]$/, '$1');
}

function isMeant(entry: string, host: string, port: string): boolean {
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
  const isOld = isIP(network) === 4;
  if (!isIP(host) || !isIP(network) || prefix > (isOld ? 32 : 128)) return false;
  const block = new BlockList();
  block.addSubnet(network, prefix, isOld ? 'ipv4' : 'ipv6');
  return block.check(host, isIP(host) === 4 ? 'ipv4' : 'ipv6');
}
