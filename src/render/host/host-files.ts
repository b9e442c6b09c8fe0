import { BUNDLE_FILE } from '../../ca-bundle/index.ts';
import { quoteForShell } from '../../core/text.ts';
import { readPoolToken } from '../../pool-folder/index.ts';
import { known } from '../../step/content.ts';
import type { Values } from '../../step/input.ts';
import type { Planner } from '../../step/plan.ts';
import { enforce } from '../../step/rule.ts';
import { checkEnvironment, commsWarnings, renderWithComms } from '../comms/variables.ts';
import { formatEnvironmentFile } from '../format/environment-file.ts';
import { type Conditions, fillTemplate } from '../format/template.ts';
import { hostRules, warningsFor } from './check-answers.ts';
import { createFileAdder, type HostFile } from './host-file.ts';
import type { hostInputs } from './inputs.ts';
import { launcherSettings } from './launcher-settings.ts';
import { renderUpdater } from './launcher-updater.ts';
import { neededPrograms } from './needed-programs.ts';
import { addOptionalFiles } from './optional-files.ts';
import { secretsFile } from './pool-secrets.ts';
import { HOST_BUNDLE, ROOTLESS_BUNDLE, renderBundleScript, trustFor } from './trust.ts';
import { conditionsOf, renderUnit } from './unit.ts';
import { hasProxyPassword, holdsPassword } from './url-password.ts';

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
  /** Whether the installer can tell what it would change: `install.sh plan`. User data has no room for it. */
  readonly canPlan?: boolean;
}

type Given = Values<typeof hostInputs>;

/** Renders everything that a host needs, from the pool's folder and what is about to be written into it. */
export async function renderHostFiles(values: Given, planner: Planner, defaults: HostDefaults): Promise<HostFiles> {
  enforce(hostRules, values);
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
    bundle: trust !== undefined,
    ec2: cloud === 'ec2',
    azure: cloud === 'azure',
    gcp: cloud === 'gcp',
    none: cloud === 'none',
    planned: defaults.canPlan ?? false,
    // With a DOCKER_HOST, Docker may be elsewhere.
    dockerd: engine === 'docker' && launcherSettings(values, [], {})['DOCKER_HOST'] === undefined,
    mounted: trust !== undefined || values['provider-cache'],
  };
  const fill = (name: string, given: Readonly<Record<string, string>> = {}) =>
    fillTemplate(name, given, quoteForShell, conditions);
  const files: HostFile[] = [];
  const shared = { values, conditions, fill, ...createFileAdder(files) };
  const { add, program, unit } = shared;

  const formatSettings = (comms: Readonly<Record<string, string>>) =>
    formatEnvironmentFile(launcherSettings(values, trust?.mounts ?? [], comms));
  add('/etc/spacelift/launcher.env', await renderWithComms(values, planner, formatSettings), 0o600, {
    isSecret: hasProxyPassword(values) || holdsPassword(formatSettings({})),
  });
  program('spacelift-update-launcher', await renderUpdater(values, token, fill));
  program('spacelift-worker-check', await fill('host/spacelift-worker-check', trust && { image: trust.image }));
  program('spacelift-before-start', await fill('host/spacelift-before-start'));
  unit('spacelift-launcher.service', await renderUnit(values, conditions));
  if (trust?.bundle) add(bundle, trust.bundle, 0o644, { name: BUNDLE_FILE });
  if (trust?.certificates && (conditions.host || conditions.trust)) {
    add('/etc/spacelift/custom-ca.crt', trust.certificates, 0o644);
  }
  if (trust && conditions.host) program('spacelift-update-ca-bundle', await renderBundleScript(trust));
  await addOptionalFiles(shared);

  const units = [
    'spacelift-launcher.service',
    ...(recycle ? ['spacelift-recycle.timer'] : []),
    ...(engine === 'podman' ? ['spacelift-podman.socket'] : []),
  ];
  const generated = conditions.host && trust ? trust.mounts.map(({ file }) => file) : [];
  const list = files.map(
    ({ mode, group = 'root', name, destination, isSecret }) =>
      `${mode.toString(8)} ${group} ${name} ${destination} ${isSecret ? 'secret' : 'no'}`,
  );
  const installer = await fill('systemd/install.sh', {
    engine,
    files: list.join('\n'),
    units: units.join(' '),
    generated: generated.join(' '),
    programs: neededPrograms(values, conditions.host).join(' '),
  });
  return {
    files: [{ name: 'install.sh', mode: 0o755, isSecret: false, content: known(installer) }, ...files],
    secrets: await secretsFile(dir, planner),
    units,
    generated,
    conditions,
    warnings: [
      ...commsWarnings(values),
      ...(await checkEnvironment(values, planner)).warnings,
      ...warningsFor(values, trust !== undefined),
    ],
  };
}
