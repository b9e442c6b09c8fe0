import { sha256 } from '../../../core/sha256.ts';
import { quoteForShell } from '../../../core/text.ts';
import { readFileIfExists } from '../../../files/read.ts';
import { isMissingProgram } from '../../programs.ts';
import { bad, type Check, type Finding, good, type HostFacts, skipped, warning } from '../check.ts';
import { endpointsFor } from '../endpoints.ts';
import { docker } from '../engine.ts';

interface Mount {
  readonly file: string;
  readonly path: string;
}

/** Lists the bundles that the launcher mounts into runner containers. */
function bundleMounts({ settings }: HostFacts): readonly Mount[] {
  const lists = ['SPACELIFT_WORKER_EXTRA_MOUNTS', 'SPACELIFT_WORKER_RO_EXTRA_MOUNTS'].map(
    (name) => settings[name] ?? '',
  );
  return lists
    .flatMap((list) => list.split(','))
    .map((mount) => mount.split(':'))
    .flatMap(([file, path]) => (file && path && /\.(?:crt|pem)$/.test(path) ? [{ file, path }] : []));
}

/** Runs a script in a container of the runner image, started as the launcher does; pulls nothing and leaves nothing behind. */
function runInContainer(host: HostFacts, mounts: readonly Mount[], script: string) {
  const network = host.settings['SPACELIFT_WORKER_NETWORK'] ?? 'bridge';
  // Not --volume, which creates a directory in place of a missing file.
  const volumes = mounts.flatMap(({ file, path }) => ['--mount', `type=bind,source=${file},target=${path},readonly`]);
  const options = ['--rm', '--pull', 'never', '--network', network, '--entrypoint', '/bin/sh'];
  return docker(host, 'run', ...options, ...volumes, host.image, '-c', script);
}

/** Filters the mounts whose file exists: a container does not start with the others. */
async function existingMounts(mounts: readonly Mount[]): Promise<readonly Mount[]> {
  const files = await Promise.all(mounts.map(({ file }) => readFileIfExists(file).catch(() => undefined)));
  return mounts.filter((_, index) => files[index]);
}

/** Finds a reason to skip the checks of this file. */
async function reasonToSkip(host: HostFacts): Promise<Finding | undefined> {
  if (!host.mayRunContainers) return skipped('not checked because of --no-container');
  if (bundleMounts(host).length === 0) return skipped('no bundle is mounted into runner containers');
  try {
    const { exitCode, stderr } = await docker(host, 'image', 'inspect', host.image);
    if (exitCode === 0) return undefined;
    if (/no such image/i.test(stderr))
      return skipped(`the image is not on this host; to check it: docker pull ${host.image}`);
    return skipped(`the engine does not respond: ${stderr.split('\n')[0] ?? ''}`);
  } catch (error) {
    if (!isMissingProgram(error)) throw error;
    return skipped('docker is not installed');
  }
}

/** Checks that the bundle in a container is the host's, byte for byte. */
const mounted: Check = {
  id: 'bundle-mounted',
  title: 'Bundle in a runner container',
  stage: 'installed',
  async run(host) {
    const reason = await reasonToSkip(host);
    if (reason) return reason;
    const mounts = bundleMounts(host);
    const paths = mounts.map(({ path }) => quoteForShell(path)).join(' ');
    const { exitCode, stdout, stderr } = await runInContainer(host, await existingMounts(mounts), `sha256sum ${paths}`);
    const seen = new Map(
      [...stdout.toString().matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm)].map(([, digest, path]) => [path, digest]),
    );
    return Promise.all(
      mounts.map(async ({ file, path }): Promise<Finding> => {
        const bytes = await readFileIfExists(file).catch(() => undefined);
        if (!bytes)
          return bad(`${file} does not exist: Docker mounts an empty directory instead`, 'spacectl host install', path);
        const digest = seen.get(path);
        if (digest === undefined)
          return bad(
            `the container cannot read it (exit ${exitCode}): ${stderr.split('\n')[0] ?? ''}`,
            'Check which path the image uses: --mount-path',
            path,
          );
        if (digest !== sha256(bytes))
          return bad(
            'the container sees different content than the host',
            `Restart the service: ${file} may have been replaced while it was mounted`,
            path,
          );
        return good(`identical to ${file}, ${digest.slice(0, 12)}…`, path);
      }),
    );
  },
};

/** Checks that the bundle starts with the image's own: otherwise it was built for another image, or an older one. */
const current: Check = {
  id: 'bundle-current',
  title: 'Bundle is current',
  stage: 'installed',
  async run(host) {
    const reason = await reasonToSkip(host);
    if (reason) return reason;
    return Promise.all(
      bundleMounts(host).map(async ({ file, path }): Promise<Finding> => {
        const { exitCode, stdout } = await runInContainer(host, [], `cat ${quoteForShell(path)}`);
        if (exitCode !== 0)
          return warning(`the image has no file at ${path}`, 'Check which path the image uses: --image-path', path);
        const bytes = await readFileIfExists(file).catch(() => undefined);
        if (bytes?.subarray(0, stdout.length).equals(stdout)) return good("starts with the image's own bundle", path);
        return bad(
          "does not start with the image's own bundle",
          'spacectl ca-bundle build, then spacectl host install; or use --ca-strategy host',
          path,
        );
      }),
    );
  },
};

/** Uses the image's TLS client with its default trust store. */
const HANDSHAKE = `
if command -v curl >/dev/null; then exec curl --silent --show-error --head --max-time 20 --output /dev/null "https://$1/"; fi
if command -v openssl >/dev/null; then
  case $1 in *:*) to=$1 ;; *) to=$1:443 ;; esac
  exec openssl s_client -connect "$to" -servername "\${to%:*}" -verify_return_error -CAfile "$2" </dev/null
fi
exit 127`;

const handshake: Check = {
  id: 'bundle-handshake',
  title: 'TLS handshake from a runner container',
  stage: 'installed',
  async run(host) {
    const reason = await reasonToSkip(host);
    if (reason) return reason;
    const mounts = await existingMounts(bundleMounts(host));
    const [first] = endpointsFor({ ...host, more: [] });
    const targets = host.endpoints.length > 0 ? host.endpoints : first ? [first.host] : [];
    const findings: Finding[] = [];
    for (const target of targets) {
      const words = ['set --', quoteForShell(target), quoteForShell(bundleMounts(host)[0]?.path ?? ''), ';'].join(' ');
      const { exitCode, stderr } = await runInContainer(host, mounts, `${words}${HANDSHAKE}`);
      const output =
        stderr.split('\n').find((line) => /error|verify|certificate|could not|curl/i.test(line)) ??
        stderr.split('\n')[0] ??
        '';
      if (exitCode === 127) findings.push(skipped('the image has neither curl nor openssl'));
      else if (exitCode === 0) findings.push(good('trusted', target));
      else
        findings.push(
          bad(
            `rejected (exit ${exitCode}): ${output}`,
            "Check whether the bundle contains the server's CA: spacectl ca-bundle probe",
            target,
          ),
        );
    }
    return findings;
  },
};

export const bundleChecks: readonly Check[] = [mounted, current, handshake];
