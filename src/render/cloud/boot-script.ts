import { gzipSync } from 'node:zlib';
import { UserError } from '../../core/errors.ts';
import { quoteForShell } from '../../core/words.ts';
import { fillTemplate } from '../template.ts';
import { type Cloud, MOST_BOOT_DATA } from './limits.ts';

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

/** The file it is in, beside the configuration. */
export const BOOT_FILE = 'configuration.sh';

/** How many bytes of the boot data are kept for the module's own script, whose size is not documented. */
const RESERVED: Readonly<Record<Cloud, number>> = { aws: 4096, azure: 8192, gcp: 8192 };

/** How many bytes a boot script has, of how many. */
export function sizeOf(script: string, cloud: Cloud) {
  return { bytes: Buffer.byteLength(script), limit: MOST_BOOT_DATA[cloud], reserved: RESERVED[cloud] };
}

/**
 * The shell text that a module pastes into its own boot script, which runs it with `set -e`.
 * @throws UserError `SPACECTL_TOO_LARGE` where it would not fit
 */
export async function renderBootScript({ cloud, settings, delivery }: Boot): Promise<string> {
  const exports = Object.entries(settings).map(([name, value]) => `export ${name}=${quoteForShell(value)}\n`);
  const parts = [
    '# Rendered by spacectl. It becomes part of the boot script; anyone on the machine can read it.\n',
    exports.join(''),
    ...(cloud !== 'aws' || delivery?.by === 'store' ? [await fill('again', {})] : []),
    ...(cloud === 'aws' ? [] : [await fill(`secrets-${cloud}`, {})]),
    ...(delivery ? [await renderDelivery(delivery)] : []),
  ];
  const text = parts.filter(Boolean).join('\n');
  refuseTooLarge(text, cloud, delivery?.by);
  return text;
}

async function renderDelivery(delivery: Delivery): Promise<string> {
  if (delivery.by === 'store') return fill('ca-store', { digest: delivery.digest });
  if (delivery.by === 'inline') return fill('ca-inline', { bundle: pack(delivery.bundle) });
  return fill('ca-host', { certificates: pack(delivery.certificates), updater: pack(delivery.script) });
}

function fill(name: string, values: Readonly<Record<string, string>>): Promise<string> {
  return fillTemplate(`cloud/${name}.sh`, values, quoteForShell);
}

/** gzip has no time in its header here: the same input gives the same bytes. */
function pack(bytes: Uint8Array): string {
  return gzipSync(bytes, { level: 9 }).toString('base64');
}

function refuseTooLarge(script: string, cloud: Cloud, by: string | undefined): void {
  const { bytes, limit, reserved } = sizeOf(script, cloud);
  if (bytes <= limit - reserved) return;
  const store = { aws: 's3', azure: 'blob', gcp: 'gcs' }[cloud];
  throw new UserError(
    'SPACECTL_TOO_LARGE',
    `The boot script has ${bytes} bytes; ${cloud} takes ${limit}, of which ${reserved} are kept for the module's own part`,
    {
      suggestions: [
        ...(by === 'store' ? [] : [`--ca-delivery ${store} puts the bundle into an object store`]),
        ...(by === 'inline' ? ['--ca-delivery host extends it at boot'] : []),
        ...(by === 'host' ? ['Or give fewer certificates: the roots, not what they have signed'] : []),
      ],
    },
  );
}
