import { execa } from 'execa';
import { buildGo } from '../go.ts';
import type { Issued } from '../server-chains/issue.ts';

/** A server, and what its client trusts. */
export interface Server {
  readonly sent: readonly [Issued, ...Issued[]];
  /** PEM */
  readonly bundle: string;
  readonly host: string;
}

/** Other versions of Go than the one on the `PATH`: `GO_ROOTS=/usr/lib/go-1.23:/opt/go-1.27 npm run go`. */
export const GO_ROOTS: readonly (string | undefined)[] = process.env['GO_ROOTS']?.split(':') ?? [undefined];

/** What Go says of a server. */
export interface GoAnswer {
  /** `go1.19.8` */
  readonly version: string;
  readonly trusted: boolean;
  readonly error: string;
}

/** Asks Go about servers, each in a true handshake, in their order. @param goRoot of another Go than the one on the `PATH` */
export async function askGo(servers: readonly Server[], now: Date, goRoot?: string): Promise<readonly GoAnswer[]> {
  const requests = servers.map(({ sent, bundle, host }) =>
    JSON.stringify({
      Bundle: bundle,
      Sent: sent.map(({ der }) => der.toString('base64')),
      Key: sent[0].privateKey.export({ type: 'pkcs8', format: 'der' }).toString('base64'),
      Host: host,
      Now: now.getTime() / 1000,
    }),
  );
  return run([], requests.join('\n'), goRoot);
}

/** Asks Go whether it can shake hands with running servers, `HOST:PORT` each, whatever their certificates. */
export function dialWithGo(places: readonly string[], goRoot?: string): Promise<readonly GoAnswer[]> {
  return run(places, '', goRoot);
}

async function run(args: readonly string[], input: string, goRoot: string | undefined): Promise<readonly GoAnswer[]> {
  const program = await buildGo('test/services/go-handshakes/main.go', 'go-handshakes', goRoot);
  const { stdout } = await execa(program, args, { input, extendEnv: false, env: { PATH: process.env['PATH'] ?? '' } });
  return stdout.split('\n').map((line) => JSON.parse(line) as GoAnswer);
}
