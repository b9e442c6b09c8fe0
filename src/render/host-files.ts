import path from 'node:path';
import { BUNDLE_FILE, LOCK_FILE, readLock } from '../ca-bundle/index.ts';
import { SIGNING_KEY } from '../launcher/index.ts';
import { encodeBase64, KEY_FILE, readToken } from '../pki/index.ts';
import { TOKEN_FILE } from '../spacelift/index.ts';
import { type Content, derive, known } from '../step/content.ts';
import type { Values } from '../step/input.ts';
import type { Planner } from '../step/plan.ts';
import { formatEnvironmentFile } from './environment-file.ts';
import type { hostInputs } from './inputs.ts';
import { quoteForShell } from './shell.ts';
import { fillTemplate } from './template.ts';

/** A file that goes to a host; the installer among them puts the others where they belong. */
export interface HostFile {
  readonly name: string;
  readonly mode: number;
  readonly isSecret: boolean;
  readonly content: Content;
}

export interface HostFiles {
  readonly files: readonly HostFile[];
  /** Token and private key in one environment file; absent until there is a token. */
  readonly secrets: HostFile | undefined;
  readonly hasBundle: boolean;
}

/** Where the bundle lies on a host. */
const HOST_BUNDLE = '/etc/spacelift/custom-ca-bundle.crt';
export const HEADER = 'Rendered by spacectl.';
const INSTALLER = 'install.sh';

/** Everything a host needs, made from what is in the pool's folder, or is about to be. */
export async function renderHostFiles(values: Values<typeof hostInputs>, planner: Planner): Promise<HostFiles> {
  const { dir, domain } = values;
  const token = await planner.read(path.join(dir, TOKEN_FILE));
  const bundle = await planner.read(path.join(dir, BUNDLE_FILE));
  const settings = formatEnvironmentFile(await settingsFor(values, bundle !== undefined, planner), HEADER);
  const isFedRamp = values.environment === undefined ? await belongsToFedRamp(token) : values.environment === 'fedramp';
  const updater = await fillTemplate(
    'systemd/spacelift-update-launcher',
    { domain, variant: isFedRamp ? '-fedramp' : '', fingerprint: SIGNING_KEY },
    quoteForShell,
  );
  const plain = (text: string) => known(text);
  const file = (name: string, content: Content, mode: number): HostFile => ({ name, content, mode, isSecret: false });
  return {
    files: [
      file(INSTALLER, plain(await fillTemplate(`systemd/${INSTALLER}`, {}, quoteForShell)), 0o755),
      file('spacelift-update-launcher', plain(updater), 0o755),
      file(
        'spacelift-launcher.service',
        plain(await fillTemplate('systemd/spacelift-launcher.service', {}, String)),
        0o644,
      ),
      file('launcher.env', plain(settings), 0o600),
      ...(bundle ? [file(BUNDLE_FILE, bundle, 0o644)] : []),
    ],
    secrets: await secretsFor(dir, token, planner),
    hasBundle: bundle !== undefined,
  };
}

/** The launcher's settings: the user's, and the mount of the bundle joined with mounts of the user's own. */
async function settingsFor(
  { dir, env }: Values<typeof hostInputs>,
  hasBundle: boolean,
  planner: Planner,
): Promise<Record<string, string>> {
  const settings = Object.fromEntries(env);
  if (!hasBundle) return settings;
  const lockFile = path.join(dir, LOCK_FILE);
  const lock = await planner.read(lockFile);
  const mountPath = lock ? readLock(await lock.bytes(), lockFile).mountPath : '/etc/ssl/certs/ca-certificates.crt';
  const mounts = [`${HOST_BUNDLE}:${mountPath}`, settings['SPACELIFT_WORKER_EXTRA_MOUNTS']].filter(Boolean);
  return { ...settings, SPACELIFT_WORKER_EXTRA_MOUNTS: mounts.join(',') };
}

async function belongsToFedRamp(token: Content | undefined): Promise<boolean> {
  return token !== undefined && readToken(await token.bytes()).isFedRamp;
}

/** The key in the form the launcher takes: base64 of the whole PEM file, on one line. */
async function secretsFor(dir: string, token: Content | undefined, planner: Planner): Promise<HostFile | undefined> {
  const key = await planner.read(path.join(dir, KEY_FILE));
  if (!token || !key) return undefined;
  const content = await derive([token, key], (tokenBytes, keyBytes) =>
    formatEnvironmentFile(
      {
        SPACELIFT_TOKEN: Buffer.from(tokenBytes).toString('latin1').replace(/\s+/g, ''),
        SPACELIFT_POOL_PRIVATE_KEY: encodeBase64(keyBytes),
      },
      HEADER,
    ),
  );
  return { name: 'secrets.env', mode: 0o600, isSecret: true, content };
}
