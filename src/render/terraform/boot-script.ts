import { gzipSync } from 'node:zlib';
import { UserError } from '../../step/errors.ts';
import { quoteForShell } from '../../step/words.ts';
import { fillTemplate } from '../template.ts';
import type { Cloud } from './modules.ts';

/** How the bundle gets to a host, and what it takes. */
export type Delivery =
  | { readonly by: 'host'; readonly certificates: Uint8Array; readonly script: Uint8Array }
  | { readonly by: 'inline'; readonly bundle: Uint8Array }
  | { readonly by: 'store'; readonly digest: string };

/** What a machine does before the module starts the launcher. */
export interface Boot {
  readonly cloud: Cloud;
  /** Variables of the launcher; nothing secret. */
  readonly settings: Readonly<Record<string, string>>;
  readonly delivery?: Delivery | undefined;
}

/** Most bytes of boot data on each cloud, and how many of them are kept for the module's own script. */
export const BOOT_LIMITS: Readonly<Record<Cloud, { readonly limit: number; readonly reserved: number }>> = {
  aws: { limit: 16_384, reserved: 4096 },
  azure: { limit: 65_535, reserved: 8192 },
  gcp: { limit: 262_144, reserved: 8192 },
};

/**
 * The shell text that a module pastes into its own boot script, which runs it with `set -e`.
 * @throws UserError `SPACECTL_TOO_LARGE` where it would not fit
 */
export async function renderBootScript({ cloud, settings, delivery }: Boot): Promise<string> {
  const exports = Object.entries(settings).map(([name, value]) => `export ${name}=${quoteForShell(value)}\n`);
  const parts = [
    '# Rendered by spacectl. The module pastes this into its boot script; anyone on the machine can read it.\n',
    exports.join(''),
    ...(cloud !== 'aws' || delivery?.by === 'store' ? [await fill('again', {})] : []),
    ...(cloud === 'aws' ? [] : [await fill(`secrets-${cloud}`, {})]),
    ...(delivery ? [await renderDelivery(delivery)] : []),
  ];
  const text = parts.filter(Boolean).join('\n');
  refuseTooLarge(Buffer.byteLength(text), cloud);
  return text;
}

async function renderDelivery(delivery: Delivery): Promise<string> {
  if (delivery.by === 'store') return fill('ca-store', { digest: delivery.digest });
  if (delivery.by === 'inline') return fill('ca-inline', { bundle: pack(delivery.bundle) });
  return fill('ca-host', { certificates: pack(delivery.certificates), updater: pack(delivery.script) });
}

function fill(name: string, values: Readonly<Record<string, string>>): Promise<string> {
  return fillTemplate(`terraform/${name}.sh`, values, quoteForShell);
}

/** gzip has no time in its header here: the same input gives the same bytes. */
function pack(bytes: Uint8Array): string {
  return gzipSync(bytes, { level: 9 }).toString('base64');
}

function refuseTooLarge(size: number, cloud: Cloud): void {
  const { limit, reserved } = BOOT_LIMITS[cloud];
  if (size <= limit - reserved) return;
  const store = { aws: 's3', azure: 'blob', gcp: 'gcs' }[cloud];
  throw new UserError(
    'SPACECTL_TOO_LARGE',
    `The boot script has ${size} bytes; ${cloud} takes ${limit}, of which ${reserved} are kept for the module's own part`,
    {
      suggestions: [
        `--ca-delivery ${store} puts the bundle into an object store`,
        '--ca-delivery host extends it at boot',
      ],
    },
  );
}
