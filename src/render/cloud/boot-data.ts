import { inThousands } from '../../core/words.ts';
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
