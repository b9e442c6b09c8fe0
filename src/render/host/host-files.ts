import path from 'node:path';
import { BUNDLE_FILE } from '../../ca-bundle/index.ts';
import { quoteForShell } from '../../core/text.ts';
import { domainOf, type Environment, environmentOf, SIGNING_KEY } from '../../launcher/index.ts';
import { readToken } from '../../pki/index.ts';
import { readPoolToken, refuseMissingFolder } from '../../pool-folder/index.ts';
import { type Content, derive, known } from '../../step/content.ts';
import type { Values } from '../../step/input.ts';
import type { Planner } from '../../step/plan.ts';
import { checkEnvironment, commsWarnings, renderWithComms } from '../comms/variables.ts';
import { formatEnvironmentFile } from '../format/environment-file.ts';
import { type Conditions, fillTemplate } from '../format/template.ts';
import { refuseContradictions, warningsFor } from './check-answers.ts';
import type { hostInputs } from './inputs.ts';
import { launcherSettings } from './launcher-settings.ts';
import { secretsFile } from './pool-secrets.ts';
import { HOST_BUNDLE, ROOTLESS_BUNDLE, renderBundleScript, trustFor } from './trust.ts';
import { conditionsOf, renderDaemonProxies, renderUnit } from './unit.ts';
import { holdsPassword } from './url-password.ts';

/** A file that goes to a host. One of them is the installer, which puts the others in place. */
export interface HostFile {
  readonly name: string;
  readonly mode: number;
  readonly isSecret: boolean;
  readonly content: Content;
  /** Its path on the host; the installer itself has none. */
  readonly destination?: string;
  /** `root` if absent. */
  readonly group?: 'spacelift';
}

/** Everything that a host gets. */
export interface HostFiles {
  readonly files: readonly HostFile[];
  /** Token and private key in one environment file; absent until there is a token. */
  readonly secrets: HostFile | undefined;
  /** Names of the units to enable. */
  readonly units: readonly string[];
  /** Paths of the bundles that the host builds itself. */
  readonly generated: readonly string[];
  readonly warnings: readonly string[];
  /** The conditions that templates depend on. */
  readonly conditions: Conditions;
}

/** What a step chooses for its hosts if the answers do not. */
export interface HostDefaults {
  readonly caStrategy: 'host' | 'inline';
  readonly instanceMetadata: 'ec2' | 'azure' | 'gcp' | 'none';
}

type Given = Values<typeof hostInputs>;

/** Renders everything that a host needs, from the pool's folder and what is about to be written into it. */
export async function renderHostFiles(values: Given, planner: Planner, defaults: HostDefaults): Promise<HostFiles> {
  refuseContradictions(values);
  await refuseMissingFolder(values.dir, planner);
  const { dir, recycle, engine } = values;
  const token = await readPoolToken(dir, planner);
  const isHostBuilt = (values['ca-strategy'] ?? defaults.caStrategy) === 'host';
  const bundle = engine === 'rootless' ? ROOTLESS_BUNDLE : HOST_BUNDLE;
  const trust = await trustFor({ dir, isHostBuilt, paths: values['mount-path'], file: bundle }, planner);
  const cloud = values['instance-metadata'] ?? defaults.instanceMetadata;
  const conditions = {
    ...conditionsOf(values, {
      isHostBuilt: isHostBuilt && trust !== undefined,
      hasMetadata: cloud !== 'none' || recycle,
    }),
    trust: values['trust-on-host'] && trust?.certificates !== undefined,
  };
  const fill = (name: string, given: Readonly<Record<string, string>> = {}) =>
    fillTemplate(name, given, quoteForShell, conditions);
  const files: HostFile[] = [];
  const shared = { values, conditions, fill, ...placing(files) };
  const { add, program, unit } = shared;

  const formatSettings = (comms: Readonly<Record<string, string>>) =>
    formatEnvironmentFile(launcherSettings(values, trust?.mounts ?? [], comms));
  add('/etc/spacelift/launcher.env', await renderWithComms(values, planner, formatSettings), 0o600, {
    isSecret: hasPassword(values) || holdsPassword(formatSettings({})),
  });
  program('spacelift-update-launcher', await renderUpdater(values, token, fill));
  unit('spacelift-launcher.service', await renderUnit(values, conditions));
  if (trust?.bundle) add(bundle, trust.bundle, 0o644, { name: BUNDLE_FILE });
  if (trust?.certificates && (conditions.host || conditions.trust)) {
    add('/etc/spacelift/custom-ca.crt', trust.certificates, 0o644);
  }
  if (trust && conditions.host) program('spacelift-update-ca-bundle', await renderBundleScript(trust));
  await addOptional({ ...shared, cloud });

  const units = [
    'spacelift-launcher.service',
    ...(recycle ? ['spacelift-recycle.timer'] : []),
    ...(engine === 'podman' ? ['spacelift-podman.socket'] : []),
  ];
  const list = files.map(
    ({ mode, group = 'root', name, destination }) => `${mode.toString(8)} ${group} ${name} ${destination}`,
  );
  const installer = await fill('systemd/install.sh', { engine, files: list.join('\n'), units: units.join(' ') });
  return {
    files: [{ name: 'install.sh', mode: 0o755, isSecret: false, content: known(installer) }, ...files],
    secrets: await secretsFile(dir, planner),
    units,
    generated: conditions.host && trust ? trust.mounts.map(({ file }) => file) : [],
    conditions,
    warnings: [
      ...commsWarnings(values),
      ...(await checkEnvironment(values, planner)).warnings,
      ...warningsFor(values, trust !== undefined),
    ],
  };
}

/** Returns functions that add a file to the list, by its path on the host. */
function placing(files: HostFile[]) {
  const add = (destination: string, content: Content | string, mode: number, more: Partial<HostFile> = {}) => {
    const bytes = typeof content === 'string' ? known(content) : content;
    files.push({ name: path.posix.basename(destination), destination, content: bytes, mode, isSecret: false, ...more });
  };
  return {
    add,
    program: (name: string, text: Content | string) => add(`/usr/local/sbin/${name}`, text, 0o755),
    unit: (name: string, text: string) => add(`/etc/systemd/system/${name}`, text, 0o644),
  };
}

/** Adds the files that only some hosts need. */
async function addOptional({
  values,
  conditions,
  fill,
  add,
  program,
  unit,
  cloud,
}: ReturnType<typeof placing> & {
  readonly values: Given;
  readonly conditions: ReturnType<typeof conditionsOf>;
  readonly fill: Fill;
  readonly cloud: string;
}): Promise<void> {
  if (conditions.wrapped) program('spacelift-with-credentials', await fill('host/spacelift-with-credentials'));
  if (conditions.metadata) {
    program('spacelift-instance-metadata', await fill('host/spacelift-instance-metadata', { cloud }));
  }
  const source = values['secrets-from'];
  if (source) {
    const given = { source: source.kind, name: source.name };
    program('spacelift-fetch-secrets', await fill('host/spacelift-fetch-secrets', given));
  }
  if (values.recycle) {
    program('spacelift-recycle', await fill('host/spacelift-recycle', { patience: '14400' }));
    for (const name of ['spacelift-recycle.service', 'spacelift-recycle.timer'])
      unit(name, await fill(`systemd/${name}`));
  }
  if (conditions.files) add('/etc/logrotate.d/spacelift', await fill('systemd/spacelift.logrotate'), 0o644);
  if (conditions.proxy) {
    const destination = '/etc/systemd/system/docker.service.d/spacelift-proxy.conf';
    add(destination, await renderDaemonProxies(values), 0o600, { isSecret: hasPassword(values) });
  }
  if (values.engine === 'podman') {
    for (const name of ['spacelift-podman.socket', 'spacelift-podman.service'])
      unit(name, await fill(`systemd/${name}`));
  }
  const dockerConfig = values['docker-config'];
  if (dockerConfig) {
    const access = { isSecret: true, group: 'spacelift', name: 'docker-config.json' } as const;
    add('/etc/spacelift/docker/config.json', known(dockerConfig), 0o640, access);
  }
}

function hasPassword(values: Given): boolean {
  return [values['http-proxy'], values['https-proxy']].some(
    (proxy) => proxy !== undefined && new URL(proxy).password !== '',
  );
}

type Fill = (name: string, given?: Readonly<Record<string, string>>) => Promise<string>;

/** Renders the script that updates the launcher at every start, to Spacelift's newest or to the pinned one. */
async function renderUpdater(values: Given, token: Content | undefined, fill: Fill): Promise<Content> {
  const { 'launcher-sha256': digest, 'launcher-from': source = '' } = values;
  if (digest !== undefined) return known(await fill('systemd/spacelift-keep-launcher', { source, digest }));
  const newest = (environment: Environment) => fill('systemd/spacelift-update-launcher', release(values, environment));
  return forRelease(values, token, newest);
}

/** Returns the values that name the launcher to download. */
function release({ domain }: Given, environment: Environment): Record<string, string> {
  const variant = environment === 'fedramp' ? '-fedramp' : '';
  return { domain: domain ?? domainOf(environment), variant, fingerprint: SIGNING_KEY };
}

/** Renders for the given environment, else for the one that the token names, once there is a token. */
async function forRelease(
  { environment }: Given,
  token: Content | undefined,
  render: (environment: Environment) => Promise<string>,
): Promise<Content> {
  if (environment !== undefined || !token) return known(await render(environment ?? 'standard'));
  return derive([token], (bytes) => render(environmentOf(readToken(bytes))));
}
