import path from 'node:path';
import { BadJson, readJson } from '../../../core/json.ts';
import { parseUrl } from '../../../core/url.ts';
import { type Environment, environmentOf } from '../../../launcher/index.ts';
import type { Token } from '../../../pki/index.ts';
import { COMMS_PROTOCOL, COMMS_URL, parseEnvironmentFile } from '../../../render/index.ts';
import type { Values } from '../../../step/input.ts';
import { MARKER_FILE } from '../../install/install-marker.ts';
import { type InstallRecord, installRecord, RECORD_FILE, SERVICE } from '../../install/install-record.ts';
import { type InstalledRelease, parseRelease, UPDATER } from '../../install/installed-release.ts';
import { SECRETS } from '../../install/secrets.ts';
import type { doctorInputs } from '../inputs.ts';
import type { HostReader, Variables } from '../reader.ts';
import { readText } from './read-text.ts';
import { examineSecrets, poolSecrets, type Secrets } from './secrets.ts';
import { type Unit, type Units, valuesOf } from './units.ts';

/** How a host's launcher talks to Spacelift. */
export interface Comms {
  readonly protocol: 'poll' | 'mqtt';
  /** Whether a setting chooses the protocol. Without one the launcher uses MQTT; without any settings it is not installed. */
  readonly origin: 'set' | 'unset' | 'not installed';
  /** The server that workers poll, if a setting has a valid URL. */
  readonly url?: string;
}

/** An environment file of the service, as systemd reads it. */
export interface EnvironmentFile {
  readonly path: string;
  readonly mode: number;
  readonly owner: number;
  readonly variables: Variables;
  /** Numbers of the lines that systemd ignores. */
  readonly badLines: readonly number[];
}

/** What is installed on a host, and how the launcher is set up. */
export interface Installation {
  /** The directory given with `--dir`, if it has a pool's key. */
  readonly poolFolder: string | undefined;
  readonly environmentFiles: readonly EnvironmentFile[];
  /** The launcher's settings, from its environment files. */
  readonly settings: Variables;
  /** From the host or, before an installation, the pool's directory; `undefined` if neither is readable. */
  readonly secrets: Secrets | undefined;
  readonly environment: Environment;
  readonly comms: Comms;
  /** `undefined` without one, or if it is damaged. */
  readonly record: InstallRecord | undefined;
  readonly isUnfinished: boolean;
  readonly release: InstalledRelease | undefined;
  /** `HOST:PORT` or `HOST`, from `--endpoint`. */
  readonly endpoints: readonly string[];
  readonly account: string | undefined;
}

/** Environment files of the service: ours, those generated at each start, and the one of Spacelift's own scripts. */
const FILES = {
  settings: ['/etc/spacelift/launcher.env', '/run/spacelift/metadata.env', '/etc/spacelift/env'],
  secrets: [SECRETS, '/run/spacelift/secrets.env', '/etc/spacelift/env'],
} as const;

/**
 * Returns the files that the unit names, and those that are usual if it is not loaded: files of an earlier installation may
 * be left.
 */
function filesOf(unit: Unit | undefined): {
  readonly settings: readonly string[];
  readonly secrets: readonly string[];
} {
  if (unit?.load !== 'loaded') return FILES;
  const named = valuesOf(unit, 'EnvironmentFile').map((file) => file.replace(/^-/, ''));
  const handedOver = valuesOf(unit, 'LoadCredential').map((value) => value.replace(/^[^:]*:/, ''));
  const isSecret = (file: string) => FILES.secrets.some((each) => each === file);
  return {
    settings: named.filter((file) => !isSecret(file) || FILES.settings.some((each) => each === file)),
    secrets: [...named, ...handedOver].filter(isSecret),
  };
}

/** Reads what is installed. Before an installation, token and key are those in the pool's directory. */
export async function gatherInstallation(
  reader: HostReader,
  values: Values<typeof doctorInputs>,
  units: Units,
): Promise<Installation> {
  const { dir } = values;
  const files = filesOf(units.get(SERVICE));
  const settingFiles = await readAll(reader, files.settings);
  const secretFiles = await readAll(reader, files.secrets);
  const settings: Record<string, string> = Object.assign({}, ...settingFiles.map(({ variables }) => variables));
  const pool = await poolSecrets(reader, dir);
  const secrets = await examineSecrets(secretFiles[0] ? secretFiles[0].path : dir, secretFiles[0]?.variables ?? pool);
  const comms = commsOf(settings, settingFiles);
  const all = [...settingFiles, ...secretFiles];
  return {
    poolFolder: pool?.['SPACELIFT_POOL_PRIVATE_KEY'] === undefined ? undefined : path.resolve(dir),
    environmentFiles: all.filter((file, index) => all.findIndex((each) => each.path === file.path) === index),
    settings,
    secrets,
    environment: values.environment ?? inferEnvironment(secrets?.token, comms),
    comms,
    record: await readInstallRecord(reader),
    isUnfinished: (await reader.entry(MARKER_FILE)) !== undefined,
    release: parseRelease((await readText(reader, UPDATER)) ?? ''),
    endpoints: values.endpoint,
    account: values.account,
  };
}

/** Returns the token's environment, or that of the polled server if the token is not readable. */
export function inferEnvironment(token: Token | undefined, { url = '' }: Pick<Comms, 'url'>): Environment {
  return environmentOf(token ?? { endpoint: url, isFedRamp: false, certificates: [] });
}

/** Returns the protocol in use: the one in the settings of an installed host, MQTT if they have none. */
function commsOf(settings: Variables, files: readonly EnvironmentFile[]): Comms {
  const given = settings[COMMS_PROTOCOL];
  const url = settings[COMMS_URL];
  const origin = given !== undefined ? 'set' : files.length > 0 ? 'unset' : 'not installed';
  return {
    protocol: given === 'mqtt' || origin === 'unset' ? 'mqtt' : 'poll',
    origin,
    ...(url !== undefined && /^https:/i.test(url) && parseUrl(url) && { url }),
  };
}

async function readAll(reader: HostReader, files: readonly string[]): Promise<readonly EnvironmentFile[]> {
  const found = await Promise.all(
    files.map(async (file): Promise<EnvironmentFile | undefined> => {
      const [text, entry] = [await readText(reader, file), await reader.entry(file)];
      if (text === undefined || !entry) return undefined;
      return { path: file, mode: entry.mode, owner: entry.owner, ...parseEnvironmentFile(text) };
    }),
  );
  return found.flatMap((file) => file ?? []);
}

async function readInstallRecord(reader: HostReader): Promise<InstallRecord | undefined> {
  const text = await readText(reader, RECORD_FILE);
  try {
    return text === undefined ? undefined : readJson(installRecord, text);
  } catch (error) {
    if (error instanceof BadJson) return undefined;
    throw error;
  }
}
