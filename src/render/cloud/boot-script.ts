import { gzip } from '../../core/compression.ts';
import { quoteForShell } from '../../core/text.ts';
import { MARK } from '../../pool-folder/index.ts';
import { fillTemplate } from '../format/template.ts';
import type { Cloud } from './limits.ts';

/** How the CA bundle gets to a host, and the data for it. */
export type Delivery =
  | { readonly by: 'host'; readonly certificates: Uint8Array; readonly script: Uint8Array }
  | { readonly by: 'inline'; readonly bundle: Uint8Array }
  | { readonly by: 'store'; readonly digest: string };

/** What a machine does before it starts the launcher. */
export interface Boot {
  readonly cloud: Cloud;
  /** Variables for the launcher, none of them secret. */
  readonly settings: Readonly<Record<string, string>>;
  readonly delivery?: Delivery | undefined;
  /** Certificates that the host itself should trust, PEM. */
  readonly hostTrust?: Uint8Array | undefined;
  /** What exports the token and the private key: the module, before this text; this text, from the cloud's store; or nothing. */
  readonly secrets: 'module' | 'store' | 'none';
  /** The command that ends a failed boot before the launcher starts. */
  readonly stop: 'return 1' | 'exit 1' | 'spacectl_stop';
  /** For an instance of ECS, which joins its cluster once everything has succeeded; `stop` is then `spacectl_stop`. */
  readonly ecs?: { readonly isSpot: boolean };
}

/** The file of the boot script, next to the configuration. */
export const BOOT_FILE = 'configuration.sh';

/**
 * Renders the shell text that a module pastes into its own boot script. It does not rely on `set -e`: if secrets are
 * missing or a command fails, it ends the boot itself.
 */
export async function renderBootScript({ cloud, settings, secrets, stop, ecs, ...trust }: Boot): Promise<string> {
  const exports = Object.entries(settings).map(([name, value]) => `export ${name}=${quoteForShell(value)}\n`);
  const steps = await renderSteps(cloud, trust);
  const store = trust.delivery?.by === 'store';
  const parts = [
    `# ${MARK} It becomes part of the boot script; anyone on the machine can read it.\n`,
    ...(ecs ? [await fill('ecs-hold', {})] : []),
    exports.join(''),
    ...(secrets === 'store' ? [await renderStoreAccess(cloud), await fill(`secrets-${cloud}`, {})] : []),
    ...(secrets === 'none' ? [] : [await fillTemplate('cloud/secrets-check.sh', { stop }, asItIs)]),
    ...(steps === ''
      ? []
      : [await fillTemplate('cloud/steps.sh', { steps: steps.trimEnd(), stop }, asItIs, { store })]),
    ...(ecs ? [await fillTemplate('cloud/ecs-join.sh', {}, quoteForShell, { spot: ecs.isSpot })] : []),
  ];
  return parts.filter(Boolean).join('\n');
}

/** Renders the steps that must all succeed, in the order in which they run. */
async function renderSteps(
  cloud: Cloud,
  { delivery, hostTrust }: Pick<Boot, 'delivery' | 'hostTrust'>,
): Promise<string> {
  const certificates = delivery?.by === 'host' ? delivery.certificates : hostTrust;
  const parts = [
    ...(certificates ? [await fill('ca-certificates', { certificates: pack(certificates) })] : []),
    ...(hostTrust ? [await fill('ca-trust', {})] : []),
    ...(delivery ? [await renderDelivery(cloud, delivery)] : []),
  ];
  return parts.join('\n');
}

async function renderDelivery(cloud: Cloud, delivery: Delivery): Promise<string> {
  if (delivery.by === 'host') return fill('ca-host', { updater: pack(delivery.script) });
  if (delivery.by === 'inline') return fill('ca-inline', { bundle: pack(delivery.bundle) });
  const conditions = { aws: cloud === 'aws', azure: cloud === 'azure', gcp: cloud === 'gcp' };
  const store = await fillTemplate('cloud/ca-store.sh', { digest: delivery.digest }, quoteForShell, conditions);
  return `${await renderStoreAccess(cloud)}\n${store}`;
}

/** Renders the functions that read a cloud's stores. */
async function renderStoreAccess(cloud: Cloud): Promise<string> {
  const again = await fill('again', {});
  return cloud === 'gcp' ? `${again}\n${await fill('google-get', {})}` : again;
}

function fill(name: string, values: Readonly<Record<string, string>>): Promise<string> {
  return fillTemplate(`cloud/${name}.sh`, values, quoteForShell);
}

/** Leaves parts that are shell text already unquoted. */
const asItIs = (text: string) => text;

/** Compresses data to save boot data. The same input gives the same bytes. */
function pack(bytes: Uint8Array): string {
  return gzip(bytes).toString('base64');
}
