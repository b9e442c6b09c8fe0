import { DEFAULT_RUNNER_IMAGE } from '../../../ca-bundle/index.ts';
import { sha256 } from '../../../core/sha256.ts';
import { quoteForShell } from '../../../core/text.ts';
import { endpointsFor } from '../endpoints.ts';
import type { Ran, Variables } from '../reader.ts';
import type { Context } from './context.ts';
import { type EngineRunner, engineAddress, engineRunner } from './engine.ts';

/** A bundle that is mounted into runner containers. */
export interface BundleMount {
  readonly file: string;
  readonly path: string;
}

/** A bundle, as the host and a container see it. */
export interface SeenBundle extends BundleMount {
  /** SHA-256 of the host's file; `undefined` if it does not exist. */
  readonly onHost: string | undefined;
  /** SHA-256 of what the container has at the path; `undefined` if it cannot read it. */
  readonly inContainer: string | undefined;
  /** Whether the host's file begins with the image's own; `undefined` if the image has none. */
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
  readonly image: string;
  readonly bundles: readonly SeenBundle[];
  readonly handshakes: readonly ContainerHandshake[];
  /** What the last container said that did not do what it was started for. */
  readonly problem: string | undefined;
}

/** Lists the bundles that the launcher mounts into runner containers. */
export function bundleMounts(settings: Variables): readonly BundleMount[] {
  return mountsOf(settings).filter(({ path }) => /\.(?:crt|pem)$/.test(path));
}

/** Lists all that the launcher mounts into runner containers. What is no `FILE:PATH` has an empty path. */
export function mountsOf(settings: Variables): readonly BundleMount[] {
  return ['EXTRA', 'RO_EXTRA', 'WO_EXTRA']
    .flatMap((kind) => (settings[`SPACELIFT_WORKER_${kind}_MOUNTS`] ?? '').split(','))
    .filter(Boolean)
    .map((mount) => {
      const [file = '', path = ''] = mount.trim().split(':');
      return { file, path };
    });
}

/** Starts containers of the runner image as the launcher does, if the image is on this host. Pulls nothing. */
export async function gatherContainers({ reader, values, installation, units }: Context): Promise<Containers> {
  const { settings } = installation;
  const image = values['runner-image'] ?? settings['SPACELIFT_DEFAULT_RUNNER_IMAGE'] ?? DEFAULT_RUNNER_IMAGE;
  const mounts = bundleMounts(settings);
  const engine = engineRunner(reader, engineAddress({ reader, installation, units }));
  const reason = await reasonToSkip({ mayStart: values.container, mounts, image }, engine);
  if (reason !== undefined) return { reason, image, bundles: [], handshakes: [], problem: undefined };
  const files = new Map(
    await Promise.all(mounts.map(async ({ file }) => [file, await reader.read(file).catch(() => undefined)] as const)),
  );
  // A container does not start with a mount whose file is missing.
  const existing = mounts.filter(({ file }) => files.get(file));
  const start = (volumes: readonly BundleMount[], script: string) =>
    engine.run(runArguments({ image, network: settings['SPACELIFT_WORKER_NETWORK'] ?? 'bridge', volumes, script }));
  const digests = await start(existing, `sha256sum ${mounts.map(({ path }) => quoteForShell(path)).join(' ')}`);
  const inside = new Map(
    [...(digests?.stdout.toString('utf8') ?? '').matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm)].map(([, digest, path]) => [
      path,
      digest,
    ]),
  );
  const bundles = await Promise.all(
    mounts.map(async ({ file, path }): Promise<SeenBundle> => {
      const bytes = files.get(file);
      const own = await start([], `cat ${quoteForShell(path)}`);
      const hasOwn = own?.exitCode === 0;
      return {
        file,
        path,
        onHost: bytes && sha256(bytes),
        inContainer: inside.get(path),
        beginsWithImage: hasOwn ? (bytes?.subarray(0, own.stdout.length).equals(own.stdout) ?? false) : undefined,
      };
    }),
  );
  const { environment, account, comms, secrets } = installation;
  const [first] = endpointsFor({ environment, account, comms, token: secrets?.token, more: [] });
  const servers = installation.endpoints.length > 0 ? installation.endpoints : first ? [first.host] : [];
  const handshakes: ContainerHandshake[] = [];
  for (const server of servers) {
    const words = ['set --', quoteForShell(server), quoteForShell(mounts[0]?.path ?? ''), ';'].join(' ');
    handshakes.push(handshakeFrom(server, await start(existing, `${words}${HANDSHAKE}`)));
  }
  return { reason: undefined, image, bundles, handshakes, problem: digests?.stderr.split('\n')[0] };
}

function runArguments(given: { image: string; network: string; volumes: readonly BundleMount[]; script: string }) {
  // Not --volume, which creates a directory in place of a missing file.
  const volumes = given.volumes.flatMap(({ file, path }) => [
    '--mount',
    `type=bind,source=${file},target=${path},readonly`,
  ]);
  const options = ['--rm', '--pull', 'never', '--network', given.network, '--entrypoint', '/bin/sh'];
  return ['run', ...options, ...volumes, given.image, '-c', given.script];
}

async function reasonToSkip(
  { mayStart, mounts, image }: { mayStart: boolean; mounts: readonly BundleMount[]; image: string },
  engine: EngineRunner,
): Promise<string | undefined> {
  if (!mayStart) return 'not checked because of --no-container';
  if (mounts.length === 0) return 'no bundle is mounted into runner containers';
  const client = await engine.client();
  if (client === undefined) return 'neither docker nor podman is installed';
  const inspected = await engine.run(['image', 'inspect', image]);
  if (inspected?.exitCode === 0) return undefined;
  if (/no such image|image not known/i.test(inspected?.stderr ?? ''))
    return `the image is not on this host; to check it: ${client} pull ${image}`;
  return `the engine does not respond: ${inspected?.stderr.split('\n')[0] ?? ''}`;
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
