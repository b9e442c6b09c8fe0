import type { Suggestion } from '../../../core/suggestion.ts';
import { type FailureKind, failureKind } from '../../../http/index.ts';
import { type Endpoint, endpointsFor } from '../endpoints.ts';
import { type Answer, isReportable } from '../reader.ts';
import type { Context } from './context.ts';
import { readText } from './read-text.ts';

/** A server that a worker needs, and how it answered. */
export interface Reached extends Endpoint {
  readonly answer: Answer | undefined;
  readonly failure:
    | { readonly kind: FailureKind; readonly message: string; readonly advice: readonly Suggestion[] }
    | undefined;
}

/** What was tried of the network. */
export interface Network {
  readonly endpoints: readonly Reached[];
  /** Name servers in resolv.conf(5); `undefined` if there is no such file. */
  readonly nameServers: readonly string[] | undefined;
  /** Names that /etc/hosts maps, with their addresses. */
  readonly pinned: ReadonlyMap<string, string>;
  readonly now: Date;
}

/**
 * Sends a request to every server, with the launcher's proxy and CA certificates. Any response is good: what matters is that
 * the connection works and its certificate is trusted.
 */
export async function gatherNetwork({ reader, installation }: Context): Promise<Network> {
  const { environment, account, comms, settings, secrets } = installation;
  const all = endpointsFor({ environment, account, comms, token: secrets?.token, more: installation.endpoints });
  const resolver = await readText(reader, '/etc/resolv.conf');
  return {
    endpoints: await Promise.all(
      all.map(async (endpoint): Promise<Reached> => {
        try {
          const answer = await reader.ask(`https://${endpoint.host}/`, settings);
          return { ...endpoint, answer, failure: undefined };
        } catch (error) {
          if (!isReportable(error)) throw error;
          const kind = failureKind(error.cause);
          return {
            ...endpoint,
            answer: undefined,
            failure: { kind, message: error.message, advice: error.suggestions },
          };
        }
      }),
    ),
    nameServers:
      resolver === undefined ? undefined : [...resolver.matchAll(/^nameserver\s+(\S+)/gm)].map(([, each = '']) => each),
    pinned: pinnedIn((await readText(reader, '/etc/hosts')) ?? ''),
    now: reader.now,
  };
}

function pinnedIn(text: string): ReadonlyMap<string, string> {
  const lines = text.split('\n').map((line) => line.replace(/#.*/, '').trim().split(/\s+/));
  return new Map(lines.flatMap(([address = '', ...names]) => names.map((name) => [name, address] as const)));
}

/** How far this machine's clock is off. */
export interface Clock {
  /** Seconds that this machine is ahead of a server; `undefined` if none answered. */
  readonly ahead: number | undefined;
  /** The server that it was compared with. */
  readonly server: string | undefined;
  /** Whether something keeps the clock right: `NTP` of timedatectl(1); `undefined` without that program. */
  readonly isSynchronized: boolean | undefined;
  /** Whether a time service is installed that timedatectl can start. */
  readonly canSynchronize: boolean | undefined;
}

/** Compares the clock with two servers. An answer of one is enough; the other may be unreachable. */
export async function gatherClock({ reader, values, installation }: Context): Promise<Clock> {
  const servers = [values['key-server'], 'https://public.ecr.aws'];
  const offsets = await Promise.all(
    servers.map(async (server) => {
      try {
        const { date } = await reader.ask(server, installation.settings);
        return date && { ahead: Math.round((reader.clock() - date.getTime()) / 1000), server: new URL(server).host };
      } catch (error) {
        // The check of outbound access reports why a server does not respond.
        if (!isReportable(error)) throw error;
        return undefined;
      }
    }),
  );
  const shown = await reader.run('timedatectl', ['show', '--property', 'NTP,CanNTP']).catch(() => undefined);
  const said = (name: string) => {
    const [, word] = new RegExp(`^${name}=(yes|no)$`, 'm').exec(shown?.stdout.toString('utf8') ?? '') ?? [];
    return word === undefined ? undefined : word === 'yes';
  };
  const { ahead, server } = offsets[0] ?? offsets[1] ?? {};
  return { ahead, server, isSynchronized: said('NTP'), canSynchronize: said('CanNTP') };
}
