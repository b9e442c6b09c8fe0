import type { Values } from '../../step/input.ts';
import type { hostInputs } from './inputs.ts';

/** A file of the host that is mounted into worker containers. */
export interface Mount {
  readonly file: string;
  readonly path: string;
}

/** Never reached through a proxy: this host and the metadata service of the clouds. */
const NEVER_PROXIED = ['localhost', '127.0.0.1', '::1', '169.254.169.254'];

const EXTRA_MOUNTS = 'SPACELIFT_WORKER_EXTRA_MOUNTS';

const PROVIDER_CACHE: Mount = { file: '/opt/spacelift/provider-cache', path: '/mnt/provider-cache' };

/** Returns the path of the engine's socket; `undefined` means the launcher's default. */
export function socketOf({ engine, 'docker-socket': given }: Values<typeof hostInputs>): string | undefined {
  if (given !== undefined || engine === 'docker') return given;
  return engine === 'podman' ? '/run/spacelift-podman.sock' : '/run/user/1983/docker.sock';
}

/** Returns the proxy variables in both spellings: curl reads only `http_proxy`, other programs only the capitals. */
export function proxySettings(values: Values<typeof hostInputs>): Record<string, string> {
  const { 'http-proxy': http, 'https-proxy': https, 'no-proxy': exceptions } = values;
  if (http === undefined && https === undefined) return {};
  const settings = {
    ...(http !== undefined && { HTTP_PROXY: http }),
    ...(https !== undefined && { HTTPS_PROXY: https }),
    NO_PROXY: [...new Set([...NEVER_PROXIED, ...exceptions])].join(','),
  };
  const lowercase = Object.entries(settings).map(([name, value]) => [name.toLowerCase(), value]);
  return { ...settings, ...Object.fromEntries(lowercase) };
}

/**
 * Returns the launcher's environment: the user's variables and those that follow from other answers. Where both set a
 * list, the lists are joined.
 * @param comms from `commsVariables`
 */
export function launcherSettings(
  values: Values<typeof hostInputs>,
  bundles: readonly Mount[],
  comms: Readonly<Record<string, string>>,
): Record<string, string> {
  const { env, metadata, 'provider-cache': hasCache, 'docker-config': dockerConfig } = values;
  const proxies = proxySettings(values);
  const socket = socketOf(values);
  const handedOn = { ...proxies, ...(hasCache && { TF_PLUGIN_CACHE_DIR: PROVIDER_CACHE.path }) };
  const mounts = [...bundles, ...(hasCache ? [PROVIDER_CACHE] : [])].map(mountOf);
  const given = Object.fromEntries(env);
  return {
    ...handedOn,
    ...comms,
    ...(socket !== undefined && { DOCKER_HOST: `unix://${socket}` }),
    ...(dockerConfig && { SPACELIFT_DOCKER_CONFIG_DIR: '/etc/spacelift/docker' }),
    ...Object.fromEntries(metadata),
    ...given,
    ...joined(EXTRA_MOUNTS, mounts, given),
    ...joined('SPACELIFT_WHITELIST_ENVS', Object.keys(handedOn), given),
  };
}

function joined(
  name: string,
  ours: readonly string[],
  given: Readonly<Record<string, string>>,
): Record<string, string> {
  const theirs = given[name]?.split(',') ?? [];
  const all = [...new Set([...ours, ...theirs])];
  return all.length > 0 ? { [name]: all.join(',') } : {};
}

/** Returns the user's variables, with the mounts of the bundle added to the user's own mounts. */
export function joinMounts(
  env: readonly (readonly [name: string, value: string])[],
  bundles: readonly Mount[],
): Record<string, string> {
  const given = Object.fromEntries(env);
  if (bundles.length === 0) return given;
  return { ...given, ...joined(EXTRA_MOUNTS, bundles.map(mountOf), given) };
}

function mountOf({ file, path }: Mount): string {
  return `${file}:${path}`;
}
