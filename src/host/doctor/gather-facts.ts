import { stat } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULT_RUNNER_IMAGE } from '../../ca-bundle/index.ts';
import { UserError } from '../../core/errors.ts';
import { parseUrl } from '../../core/url.ts';
import { readFileIfExists } from '../../files/read.ts';
import { createHttpClient } from '../../http/index.ts';
import { type Environment, environmentOf } from '../../launcher/index.ts';
import { encodeBase64, KEY_FILE, readToken, type Token } from '../../pki/index.ts';
import { tokenFileIn } from '../../pool-folder/index.ts';
import { COMMS_PROTOCOL, COMMS_URL, parseEnvironmentFile } from '../../render/index.ts';
import type { Values } from '../../step/input.ts';
import type { Comms, EnvironmentFile, HostFacts } from './check.ts';
import type { doctorInputs } from './inputs.ts';

/** Environment files of the service: ours, those generated at each start, and the one of Spacelift's own scripts. */
const FILES = {
  settings: ['/etc/spacelift/launcher.env', '/run/spacelift/metadata.env', '/etc/spacelift/env'],
  secrets: ['/etc/spacelift/secrets.env', '/run/spacelift/secrets.env', '/etc/spacelift/env'],
} as const;

/** Gathers the facts for all checks. Before an installation, the token and key are those in the pool's folder. */
export async function gatherFacts(values: Values<typeof doctorInputs>, signal: AbortSignal): Promise<HostFacts> {
  const settingFiles = await readAll(FILES.settings);
  const secretFiles = await readAll(FILES.secrets);
  const settings = Object.assign({}, ...settingFiles.map(({ variables }) => variables)) as Record<string, string>;
  const secrets = secretFiles[0] ?? (await secretsOf(values.dir));
  const token = tokenOf(secrets);
  const comms = commsOf(settings, settingFiles);
  adoptProxies(settings);
  const environmentFiles = [...settingFiles, ...secretFiles];
  return {
    signal,
    dir: values.dir,
    settings,
    secrets,
    token,
    environmentFiles: environmentFiles.filter(
      ({ path: file }, index) => environmentFiles.findIndex((each) => each.path === file) === index,
    ),
    client: createHttpClient({
      certificateAuthority: values['download-ca'],
      environment: { ...process.env, ...settings },
      authorityAdvice:
        "If a proxy inspects the traffic, add its CA to the host's trust store and pass it here: --download-ca FILE",
      // A firewall that drops packets sends no error: do not wait long for it.
      connectTimeout: 5_000,
      idleTimeout: 15_000,
      attempts: 2,
    }),
    environment: values.environment ?? inferEnvironment(token, comms),
    comms,
    endpoints: values.endpoint,
    account: values.account,
    image: values['runner-image'] ?? settings['SPACELIFT_DEFAULT_RUNNER_IMAGE'] ?? DEFAULT_RUNNER_IMAGE,
    keyServer: values['key-server'],
    fingerprint: values.fingerprint,
    mayRunContainers: values.container,
  };
}

/** Returns the protocol in use: the one in the settings of an installed host, MQTT if they have none. */
function commsOf(settings: Readonly<Record<string, string>>, files: readonly EnvironmentFile[]): Comms {
  const given = settings[COMMS_PROTOCOL];
  const url = settings[COMMS_URL];
  const origin = given !== undefined ? 'set' : files.length > 0 ? 'unset' : 'not installed';
  return {
    protocol: given === 'mqtt' || origin === 'unset' ? 'mqtt' : 'poll',
    origin,
    ...(url !== undefined && /^https:/i.test(url) && parseUrl(url) && { url }),
  };
}

/** Returns the token's environment, or that of the polled server if the token is not readable. */
export function inferEnvironment(token: Token | undefined, { url = '' }: Pick<Comms, 'url'>): Environment {
  return environmentOf(token ?? { endpoint: url, isFedRamp: false, certificates: [] });
}

async function readAll(files: readonly string[]): Promise<readonly EnvironmentFile[]> {
  return (await Promise.all(files.map(readOne))).flatMap((file) => file ?? []);
}

/** Reads an environment file. Returns `undefined` if it does not exist or is not readable. */
async function readOne(file: string): Promise<EnvironmentFile | undefined> {
  try {
    const bytes = await readFileIfExists(file);
    if (!bytes) return undefined;
    const { mode, uid } = await stat(file);
    return { path: file, mode: mode & 0o777, owner: uid, ...parseEnvironmentFile(bytes.toString('utf8')) };
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

async function secretsOf(dir: string): Promise<EnvironmentFile | undefined> {
  const [token, key] = await Promise.all([tokenFileIn(dir), path.join(dir, KEY_FILE)].map(readFileIfExists));
  if (!token && !key) return undefined;
  const variables = {
    ...(token && { SPACELIFT_TOKEN: token.toString('latin1').trim() }),
    ...(key && { SPACELIFT_POOL_PRIVATE_KEY: encodeBase64(key) }),
  };
  return { path: dir, mode: 0o600, owner: 0, variables, badLines: [] };
}

function tokenOf(secrets: EnvironmentFile | undefined): Token | undefined {
  const text = secrets?.variables['SPACELIFT_TOKEN'];
  try {
    return text ? readToken(Buffer.from(text)) : undefined;
  } catch (error) {
    // The check of the secrets reports the problem.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** Sets the launcher's proxies for this process, so that it connects in the same way. */
function adoptProxies(settings: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(settings)) {
    if (/^(?:https?|no|all)_proxy$/i.test(name)) process.env[name] = value;
  }
}
