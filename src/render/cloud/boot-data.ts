import { UserError } from '../../step/errors.ts';
import { inThousands } from '../../step/words.ts';
import type { Delivery } from './boot-script.ts';
import type { Cloud } from './limits.ts';

/** What a machine is started with, in bytes. */
export interface BootData {
  readonly bytes: number;
  readonly limit: number;
  /** How long `configuration` may be. */
  readonly room: number;
  /** How long it is. */
  readonly configuration: number;
  /** Whether the template of this very release was not read, so that the newest known one stands in for it. */
  readonly isEstimate: boolean;
}

/** Says how large boot data are, and of how much. */
export function describeBootData({ bytes, limit, configuration, room, isEstimate }: BootData, cloud: Cloud): string {
  const about = isEstimate ? "an estimate, since this release's own part was not read: " : '';
  return `Boot data: ${about}${inThousands(bytes)} of ${inThousands(limit)} bytes that ${cloud} takes; configuration.sh has ${inThousands(configuration)}, and ${inThousands(Math.max(room, 0))} fit`;
}

/**
 * Refuses boot data that the cloud would not take.
 * @param certificates says how many of the custom certificates fit, where they are what is too large
 * @throws UserError `SPACECTL_TOO_LARGE`, which says what fits
 */
export async function refuseTooLarge(
  data: BootData,
  cloud: Cloud,
  delivery: Delivery | undefined,
  { certificates, hasStore = true }: { certificates: () => Promise<string | undefined>; hasStore?: boolean },
): Promise<void> {
  if (data.bytes <= data.limit) return;
  const store = { aws: 's3', azure: 'blob', gcp: 'gcs' }[cloud];
  const fitting = await certificates();
  throw new UserError('SPACECTL_TOO_LARGE', describeBootData(data, cloud), {
    suggestions: [
      ...(fitting ? [fitting] : []),
      ...(delivery?.by === 'store' || !hasStore ? [] : [`--ca-delivery ${store} puts the bundle into an object store`]),
      ...(delivery?.by === 'inline' ? ['--ca-delivery host extends it at boot'] : []),
    ],
  });
}
