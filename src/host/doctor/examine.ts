import { stat } from 'node:fs/promises';
import path from 'node:path';
import { DEFAULT_RUNNER_IMAGE } from '../../ca-bundle/index.ts';
import { UserError } from '../../core/errors.ts';
import { readFileIfThere } from '../../files/read.ts';
import { createHttpClient } from '../../http/index.ts';
import { type Environment, environmentOf } from '../../launcher/index.ts';
import { encodeBase64, KEY_FILE, readToken, type Token } from '../../pki/index.ts';
import { tokenFileIn } from '../../pool-folder/index.ts';
import { COMMS_PROTOCOL, COMMS_URL, parseEnvironmentFile } from '../../render/index.ts';
import type { Values } from '../../step/input.ts';
import type { Comms, EnvironmentFile, Examined } from './check.ts';
import type { doctorInputs } from './inputs.ts';

/** Where the service takes its environment from: ours, what is made at each start, and the vendor's own scripts'. */
const FILES = {
  settings: ['/etc/spacelift/launcher.env', '/run/spacelift/metadata.env', '/etc/spacelift/env'],
  secrets: ['/etc/spacelift/secrets.env', '/run/spacelift/secrets.env', '/etc/spacelift/env'],
} as const;

/** Gathers what all checks look at. Before an installation, token and key are those of the pool's folder. */
export async function examine(values: Values<typeof doctorInputs>, signal: AbortSignal): Promise<Examined> {
  const settingFiles = await readAll(FILES.settings);
  const secretFiles = await readAll(FILES.secrets);
  const settings = Object.assign({}, ...settingFiles.map(({ variables }) => variables)) as Record<string, string>;
  const secrets = secretFiles[0] ?? (await secretsOf(values.dir));
  const token = tokenOf(secrets);
  const comms = commsOf(settings, settingFiles);
  takeProxies(settings);
  const environmentFiles = [...settingFiles, ...secretFiles];
  return {
    signal,
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
        'Does a proxy inspect the traffic? Make the host trust its authority, and give it here: --download-ca FILE',
      // A firewall that drops says nothing: what it keeps us from is known soon.
      connectTimeout: 5_000,
      idleTimeout: 15_000,
      attempts: 2,
    }),
    environment: values.environment ?? knownEnvironment(token, comms),
    comms,
    endpoints: values.endpoint,
    account: values.account,
    image: values['runner-image'] ?? settings['SPACELIFT_DEFAULT_RUNNER_IMAGE'] ?? DEFAULT_RUNNER_IMAGE,
    keyServer: values['key-server'],
    fingerprint: values.fingerprint,
    mayRunContainers: values.container,
  };
}

/** The protocol in use: of an installed host what its settings say, and MQTT where they are silent. */
function commsOf(settings: Readonly<Record<string, string>>, files: readonly EnvironmentFile[]): Comms {
  const given = settings[COMMS_PROTOCOL];
  const url = settings[COMMS_URL];
  const origin = given !== undefined ? 'set' : files.length > 0 ? 'unset' : 'not installed';
  return {
    protocol: given === 'mqtt' || origin === 'unset' ? 'mqtt' : 'poll',
    origin,
    ...(url !== undefined && /^https:/i.test(url) && URL.canParse(url) && { url }),
  };
}

/** The token's environment; where it cannot be read, as on a host that fetches it, that of the server that is polled. */
export function knownEnvironment(token: Token | undefined, { url = '' }: Pick<Comms, 'url'>): Environment {
  return environmentOf(token ?? { endpoint: url, isFedRamp: false, certificates: [] });
}

async function readAll(files: readonly string[]): Promise<readonly EnvironmentFile[]> {
  return (await Promise.all(files.map(readOne))).flatMap((file) => file ?? []);
}

/** One environment file; `undefined` where it is not there, or not for our eyes. */
async function readOne(file: string): Promise<EnvironmentFile | undefined> {
  try {
    const bytes = await readFileIfThere(file);
    if (!bytes) return undefined;
    const { mode, uid } = await stat(file);
    return { path: file, mode: mode & 0o777, owner: uid, ...parseEnvironmentFile(bytes.toString('utf8')) };
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

async function secretsOf(dir: string): Promise<EnvironmentFile | undefined> {
  const [token, key] = await Promise.all([tokenFileIn(dir), path.join(dir, KEY_FILE)].map(readFileIfThere));
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
    // The check of the secrets says what is wrong with it.
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

/** The launcher's proxies become this process's own: what reaches the world for the one has to for the other. */
function takeProxies(settings: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(settings)) {
    if (/^(?:https?|no|all)_proxy$/i.test(name)) process.env[name] = value;
  }
}
