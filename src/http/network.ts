import { lookup } from 'node:dns/promises';
import { BlockList, isIP } from 'node:net';
import { withoutBrackets } from './no-proxy.ts';

/** Where an address can be reached from. Only a `public` one is the same machine for everyone. */
export type Network = 'loopback' | 'link-local' | 'private' | 'public';

/** Special addresses (IANA IPv4 and IPv6 Special-Purpose Address Registries). `0.0.0.0` connects to this machine. */
const SPECIAL: readonly (readonly [Network, readonly (readonly [string, number])[]])[] = [
  [
    'loopback',
    [
      ['127.0.0.0', 8],
      ['0.0.0.0', 8],
      ['::1', 128],
      ['::', 128],
    ],
  ],
  [
    'link-local',
    [
      ['169.254.0.0', 16],
      ['fe80::', 10],
    ],
  ],
  [
    'private',
    [
      ['10.0.0.0', 8],
      ['172.16.0.0', 12],
      ['192.168.0.0', 16],
      ['100.64.0.0', 10],
      ['fc00::', 7],
    ],
  ],
];

const LISTS = SPECIAL.map(([network, subnets]) => {
  const list = new BlockList();
  for (const [address, bits] of subnets) list.addSubnet(address, bits, isIP(address) === 6 ? 'ipv6' : 'ipv4');
  return [network, list] as const;
});

/** Returns the network of an IP address. An IPv4 address inside an IPv6 one (`::ffff:127.0.0.1`) counts as itself. */
function networkOf(address: string): Network {
  const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
  return LISTS.find(([, list]) => list.check(address, family))?.[0] ?? 'public';
}

/**
 * Returns the networks that the host of a URL has addresses in. A name that this machine cannot resolve, such as one
 * that only a proxy knows, counts as public.
 */
export async function networksOf({ hostname }: URL): Promise<ReadonlySet<Network>> {
  const name = withoutBrackets(hostname);
  if (isIP(name)) return new Set([networkOf(name)]);
  const found = await lookup(name, { all: true }).catch(() => []);
  return new Set(found.length > 0 ? found.map(({ address }) => networkOf(address)) : ['public']);
}
