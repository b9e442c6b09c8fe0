import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { NAMESPACES } from './programs.ts';
import { temporaryFolder } from './temporary.ts';

/** What a test needs for `createNetwork`, for `testWith`. */
export const NETWORK_NEEDS = [NAMESPACES, 'ip', 'mount'] as const;

/** A network of one test, in which there is only loopback at first. */
export interface Network {
  readonly name: string;
  /** What goes before a command to run it in the network. */
  readonly enter: readonly string[];
  /** Runs `ip` on the network: `configure('link add ...')`. */
  configure(words: string): Promise<void>;
}

/** Creates a network that goes away with the test. @param addresses the lines of its /etc/hosts; the machine's stays */
export async function createNetwork(addresses?: string): Promise<Network> {
  const name = `spacectl-${randomBytes(6).toString('hex')}`;
  await execa('ip', ['netns', 'add', name]);
  onTestFinished(async () => void (await execa('ip', ['netns', 'delete', name])));
  const configure = async (words: string) => void (await execa('ip', ['-n', name, ...words.split(' ')]));
  await configure('link set lo up');
  const enter = ['ip', 'netns', 'exec', name];
  if (addresses === undefined) return { name, enter, configure };
  const hosts = path.join(await temporaryFolder(), 'hosts');
  await writeFile(hosts, addresses, { mode: 0o644 });
  // ip-netns(8) gives each command its own mounts. It would also take a file from /etc/netns, but that is the machine's.
  const withHosts = ['sh', '-c', 'mount --bind "$0" /etc/hosts && exec "$@"', hosts];
  return { name, enter: [...enter, ...withHosts], configure };
}
