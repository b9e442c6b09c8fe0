import { sha256 } from '../../../core/sha256.ts';
import { quoteForShell } from '../../../core/text.ts';
import { endpointsFor } from '../endpoints.ts';
import type { Ran } from '../reader.ts';
import type { Context } from './context.ts';
import { type BundleMount, findRunner } from './runner.ts';

/** A bundle, as the host and a container see it. */
export interface SeenBundle extends BundleMount {
  /** SHA-256 of the host's file; `undefined` if it does not exist. */
  readonly onHost: string | undefined;
  /** SHA-256 of what the container has at the path; `undefined` if it cannot read it. */
  readonly inContainer: string | undefined;
  /** Whether the host's file begins with the image's own at this path or, without one, at another; `undefined` if it has none. */
  readonly beginsWithImage: boolean | undefined;
}

/** A TLS handshake with a server from a runner container. */
export interface ContainerHandshake {
  readonly server: string;
  /** `undefined` if the image has no program that can try it. */
  readonly isTrusted: boolean | undefined;
  readonly said: string;
}

/** What a runner container sees. */
export interface Containers {
  /** Why no container was started. */
  readonly reason: string | undefined;
  readonly bundles: readonly SeenBundle[];
  readonly handshakes: readonly ContainerHandshake[];
  /** What the last container said that did not do what it was started for. */
  readonly problem: string | undefined;
}

/** Starts containers of the runner image as the launcher does, if the image is on this host. Pulls nothing. */
export async function gatherContainers(context: Context): Promise<Containers> {
  const { reader, installation } = context;
  const runner = await findRunner(context);
  if (typeof runner === 'string') return { reason: runner, bundles: [], handshakes: [], problem: undefined };
  const { mounts, start } = runner;
  const files = new Map(
    await Promise.all(mounts.map(async ({ file }) => [file, await reader.read(file).catch(() => undefined)] as const)),
  );
  // A container does not start with a mount whose file is missing.
  const existing = mounts.filter(({ file }) => files.get(file));
  const digests = await start(existing, `sha256sum ${mounts.map(({ path }) => quoteForShell(path)).join(' ')}`);
  const inside = new Map(
    [...(digests?.stdout.toString('utf8') ?? '').matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm)].map(([, digest, path]) => [
      path,
      digest,
    ]),
  );
  const own = new Map<string, Buffer>();
  for (const { path } of mounts) {
    const read = await start([], `cat ${quoteForShell(path)}`);
    if (read?.exitCode === 0) own.set(path, read.stdout);
  }
  const bundles = mounts.map(({ file, path }): SeenBundle => {
    const bytes = files.get(file);
    // A client may look where the image has nothing: then the bundle is that of another path.
    const ownBytes = own.get(path);
    const bases = ownBytes ? [ownBytes] : [...own.values()];
    const beginsWith = (base: Buffer) => bytes?.subarray(0, base.length).equals(base) ?? false;
    return {
      file,
      path,
      onHost: bytes && sha256(bytes),
      inContainer: inside.get(path),
      beginsWithImage: bases.length > 0 ? bases.some(beginsWith) : undefined,
    };
  });
  const { environment, account, comms, secrets } = installation;
  const [first] = endpointsFor({ environment, account, comms, token: secrets?.token, more: [] });
  const servers = installation.endpoints.length > 0 ? installation.endpoints : first ? [first.host] : [];
  const handshakes: ContainerHandshake[] = [];
  for (const server of servers) {
    const words = ['set --', quoteForShell(server), quoteForShell(mounts[0]?.path ?? ''), ';'].join(' ');
    handshakes.push(handshakeFrom(server, await start(existing, `${words}${HANDSHAKE}`)));
  }
  return { reason: undefined, bundles, handshakes, problem: digests?.stderr.split('\n')[0] };
}

/** Uses the image's TLS client with its default trust store. */
const HANDSHAKE = `
if command -v curl >/dev/null; then exec curl --silent --show-error --head --max-time 20 --output /dev/null "https://$1/"; fi
if command -v openssl >/dev/null; then
  case $1 in *:*) to=$1 ;; *) to=$1:443 ;; esac
  exec openssl s_client -connect "$to" -servername "\${to%:*}" -verify_return_error -CAfile "$2" </dev/null
fi
exit 127`;

function handshakeFrom(server: string, ran: Ran | undefined): ContainerHandshake {
  const { exitCode, stderr } = ran ?? { exitCode: 127, stderr: '' };
  const lines = stderr.split('\n');
  const said = lines.find((line) => /error|verify|certificate|could not|curl/i.test(line)) ?? lines[0] ?? '';
  return { server, isTrusted: exitCode === 127 ? undefined : exitCode === 0, said: `exit ${exitCode}: ${said}` };
}
