import { DEFAULT_RUNNER_IMAGE } from '../../../ca-bundle/index.ts';
import type { Ran, Variables } from '../reader.ts';
import type { Context } from './context.ts';
import { engineAddress, engineRunner } from './engine.ts';

/** A bundle that is mounted into runner containers. */
export interface BundleMount {
  readonly file: string;
  readonly path: string;
}

/** The runner image on this host, to start containers of as the launcher does. */
export interface Runner {
  readonly image: string;
  /** Its ID, `sha256:…`. */
  readonly id: string;
  readonly mounts: readonly BundleMount[];
  readonly engine: { readonly program: 'docker' | 'podman'; readonly host: string };
  /** Runs a script with some mounts, in a container that removes itself. @throws UserError if it does not end in time */
  start(volumes: readonly BundleMount[], script: string): Promise<Ran | undefined>;
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

/** Finds the runner image on this host. Pulls nothing. @returns why no container is to be started, if so */
export async function findRunner({ reader, values, installation, units }: Context): Promise<Runner | string> {
  const { settings } = installation;
  const image = values['runner-image'] ?? settings['SPACELIFT_DEFAULT_RUNNER_IMAGE'] ?? DEFAULT_RUNNER_IMAGE;
  const mounts = bundleMounts(settings);
  const address = engineAddress({ reader, installation, units });
  const engine = engineRunner(reader, address);
  if (!values.container) return 'not checked because of --no-container';
  if (mounts.length === 0) return 'no bundle is mounted into runner containers';
  const program = await engine.client();
  if (program === undefined) return 'neither docker nor podman is installed';
  const inspected = await engine.run(['image', 'inspect', '--format', '{{.Id}}', image]);
  if (inspected?.exitCode !== 0) return reasonFor(inspected, program, image);
  const id = inspected.stdout.toString('utf8').trim();
  const network = settings['SPACELIFT_WORKER_NETWORK'] ?? 'bridge';
  return {
    image,
    id: id.includes(':') ? id : `sha256:${id}`,
    mounts,
    engine: { program, host: address.host },
    start: (volumes, script) => engine.run(runArguments({ image, network, volumes, script })),
  };
}

function reasonFor(inspected: Ran | undefined, program: string, image: string): string {
  if (/no such image|image not known/i.test(inspected?.stderr ?? ''))
    return `the image is not on this host; to check it: ${program} pull ${image}`;
  return `the engine does not respond: ${inspected?.stderr.split('\n')[0] ?? ''}`;
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
