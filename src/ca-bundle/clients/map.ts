import { CLIENTS, type Client, type ClientId, NOT_EXAMINED, type Reading } from './client.ts';
import type { ImageFacts } from './image-facts.ts';
import { mountedAt } from './mounted.ts';
import { botocoreReading, javaReading, nodeReading, pipReading, requestsReading } from './own-stores.ts';
import { missingMounts, sightOf } from './sight.ts';
import { curlReading, gitReading, gnutlsReading, goReading, opensslReading, pythonReading } from './system-stores.ts';

/** Which clients of an image see a bundle. */
export interface ClientMap {
  /** In the order of `CLIENTS`. A client that the image does not have is missing. */
  readonly clients: readonly Client[];
  /** Paths over which to mount the bundle, so that every client sees it for which a mount is enough. The first was given. */
  readonly mountPaths: readonly string[];
  /** The client for which each further mount is needed. */
  readonly neededBy: ReadonlyMap<string, ClientId>;
}

/** Finds out which clients of an image see a bundle, and where to mount it. @param given where it is mounted in any case */
export function mapClients(facts: ImageFacts, given: readonly string[]): ClientMap {
  const readings = readingsIn(facts);
  const { examination } = facts;
  const mountPaths = [...given];
  const neededBy = new Map<string, ClientId>();
  for (const reading of readings) {
    for (const each of missingMounts(reading, mountedAt(mountPaths, examination))) {
      if (!isMountable(each) || mountPaths.includes(each)) continue;
      mountPaths.push(each);
      neededBy.set(each, reading.client);
    }
  }
  return { clients: clientsSeeing(facts, mountPaths), mountPaths, neededBy };
}

/** Says which clients of an image see a bundle that is mounted over some paths. */
export function clientsSeeing(facts: ImageFacts, mountPaths: readonly string[]): readonly Client[] {
  const mounted = mountedAt(mountPaths, facts.examination);
  const found = readingsIn(facts).map((each) => sightOf(each, mounted));
  return facts.examination.isComplete ? found : [...found, ...notExamined(found)];
}

function readingsIn(facts: ImageFacts): readonly Reading[] {
  const openssl = opensslReading(facts);
  const all = [
    goReading(facts),
    openssl,
    curlReading(facts),
    gitReading(facts),
    gnutlsReading(facts),
    pythonReading(facts),
    requestsReading(facts),
    pipReading(facts, pythonReading(facts)),
    botocoreReading(facts),
    nodeReading(facts, openssl),
    javaReading(facts),
  ];
  return all.filter((reading) => reading !== undefined);
}

/** Lists clients that unread layers may have. */
function notExamined(found: readonly Client[]): readonly Client[] {
  return CLIENTS.filter((client) => !found.some((each) => each.client === client)).map((client) => ({
    client,
    reads: [],
    sees: 'unknown',
    basis: 'documented',
    source: NOT_EXAMINED,
  }));
}

/** Reports whether a path can be part of a mount: as for `--image-path`, without colon and comma. */
function isMountable(path: string): boolean {
  return /^\/[^:,\0\r\n]+$/.test(path);
}
