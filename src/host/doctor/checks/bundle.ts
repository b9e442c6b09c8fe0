import { sha256 } from '../../../core/sha256.ts';
import { quoteForShell } from '../../../core/words.ts';
import { readFileIfThere } from '../../../files/read.ts';
import { isMissingProgram } from '../../programs.ts';
import { bad, type Check, type Examined, type Finding, good, skipped, warning } from '../check.ts';
import { endpointsFor } from '../endpoints.ts';
import { docker } from '../engine.ts';

interface Mount {
  readonly file: string;
  readonly path: string;
}

/** Where runner containers get to see a bundle, as the launcher mounts it. */
function bundleMounts({ settings }: Examined): readonly Mount[] {
  const lists = ['SPACELIFT_WORKER_EXTRA_MOUNTS', 'SPACELIFT_WORKER_RO_EXTRA_MOUNTS'].map(
    (name) => settings[name] ?? '',
  );
  return lists
    .flatMap((list) => list.split(','))
    .map((mount) => mount.split(':'))
    .flatMap(([file, path]) => (file && path && /\.(?:crt|pem)$/.test(path) ? [{ file, path }] : []));
}

/** A container of the runner image, as the launcher starts one; nothing is pulled, and nothing is left. */
function inRunner(host: Examined, mounts: readonly Mount[], script: string) {
  const network = host.settings['SPACELIFT_WORKER_NETWORK'] ?? 'bridge';
  // Not --volume, which makes a folder of a file that is not there.
  const volumes = mounts.flatMap(({ file, path }) => ['--mount', `type=bind,source=${file},target=${path},readonly`]);
  const apart = ['--rm', '--pull', 'never', '--network', network, '--entrypoint', '/bin/sh'];
  return docker(host, 'run', ...apart, ...volumes, host.image, '-c', script);
}

/** The mounts whose file is there: a container cannot be started with the others. */
async function present(mounts: readonly Mount[]): Promise<readonly Mount[]> {
  const there = await Promise.all(mounts.map(({ file }) => readFileIfThere(file).catch(() => undefined)));
  return mounts.filter((_, index) => there[index]);
}

/** What every check of this file needs first. */
async function obstacle(host: Examined): Promise<Finding | undefined> {
  if (!host.mayRunContainers) return skipped('no container is started: --no-container');
  if (bundleMounts(host).length === 0) return skipped('no bundle is mounted into runner containers');
  try {
    const { exitCode, stderr } = await docker(host, 'image', 'inspect', host.image);
    if (exitCode === 0) return undefined;
    if (/no such image/i.test(stderr))
      return skipped(`the image is not here, and nothing is pulled: docker pull ${host.image}`);
    return skipped(`the engine does not answer: ${stderr.split('\n')[0] ?? ''}`);
  } catch (error) {
    if (!isMissingProgram(error)) throw error;
    return skipped('the program docker is not there');
  }
}

/** The bundle in a container has to be the host's, byte for byte. */
const mounted: Check = {
  id: 'bundle-mounted',
  title: 'Bundle in a runner container',
  stage: 'installed',
  async run(host) {
    const why = await obstacle(host);
    if (why) return why;
    const mounts = bundleMounts(host);
    const paths = mounts.map(({ path }) => quoteForShell(path)).join(' ');
    const { exitCode, stdout, stderr } = await inRunner(host, await present(mounts), `sha256sum ${paths}`);
    const seen = new Map(
      [...stdout.toString().matchAll(/^([0-9a-f]{64}) [ *](.+)$/gm)].map(([, digest, path]) => [path, digest]),
    );
    return Promise.all(
      mounts.map(async ({ file, path }): Promise<Finding> => {
        const bytes = await readFileIfThere(file).catch(() => undefined);
        if (!bytes)
          return bad(`${file} is not there: Docker puts an empty folder in its place`, 'spacectl host install', path);
        const digest = seen.get(path);
        if (digest === undefined)
          return bad(
            `the container could not read it (exit ${exitCode}): ${stderr.split('\n')[0] ?? ''}`,
            'Is it the path the image uses? --mount-path',
            path,
          );
        if (digest !== sha256(bytes))
          return bad(
            'a container sees other bytes than the host',
            `Is ${file} replaced while mounted? Restart the service`,
            path,
          );
        return good(`the same bytes as ${file}, ${digest.slice(0, 12)}…`, path);
      }),
    );
  },
};

/** A bundle that does not begin with the image's own was made for another image, or an older one. */
const stale: Check = {
  id: 'bundle-current',
  title: 'Bundle is current',
  stage: 'installed',
  async run(host) {
    const why = await obstacle(host);
    if (why) return why;
    return Promise.all(
      bundleMounts(host).map(async ({ file, path }): Promise<Finding> => {
        const { exitCode, stdout } = await inRunner(host, [], `cat ${quoteForShell(path)}`);
        if (exitCode !== 0)
          return warning(`the image has nothing at ${path}`, 'Is it the path the image uses? --image-path', path);
        const bytes = await readFileIfThere(file).catch(() => undefined);
        if (bytes?.subarray(0, stdout.length).equals(stdout))
          return good("it begins with the image's own bundle", path);
        return bad(
          "it does not begin with the image's own bundle",
          'spacectl ca-bundle build, then host install; or --ca-strategy host',
          path,
        );
      }),
    );
  },
};

/** By whatever TLS client the image has, with the trust store it uses by itself. */
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
    const why = await obstacle(host);
    if (why) return why;
    const mounts = await present(bundleMounts(host));
    const [own] = endpointsFor({ ...host, more: [] });
    const targets = host.endpoints.length > 0 ? host.endpoints : own ? [own.host] : [];
    const findings: Finding[] = [];
    for (const target of targets) {
      const words = ['set --', quoteForShell(target), quoteForShell(bundleMounts(host)[0]?.path ?? ''), ';'].join(' ');
      const { exitCode, stderr } = await inRunner(host, mounts, `${words}${HANDSHAKE}`);
      const said =
        stderr.split('\n').find((line) => /error|verify|certificate|could not|curl/i.test(line)) ??
        stderr.split('\n')[0] ??
        '';
      if (exitCode === 127) findings.push(skipped('the image has neither curl nor openssl'));
      else if (exitCode === 0) findings.push(good('trusted', target));
      else
        findings.push(
          bad(
            `refused (exit ${exitCode}): ${said}`,
            'Is the authority of that server in the bundle? spacectl ca-bundle probe',
            target,
          ),
        );
    }
    return findings;
  },
};

export const bundleChecks: readonly Check[] = [mounted, stale, handshake];
