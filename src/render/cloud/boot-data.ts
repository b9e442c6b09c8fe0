import { formatCount } from '../../core/text.ts';
import { CLOUD_TITLES, type Cloud } from './limits.ts';

/** The size of the data that a machine is started with, in bytes. */
export interface BootData {
  readonly bytes: number;
  readonly limit: number;
  /** The largest `configuration` that fits. */
  readonly room: number;
  /** The size of `configuration`. */
  readonly configuration: number;
  /** Whether the size is that of the newest known template, because this release's own was not read. */
  readonly isEstimate: boolean;
  /** Whether all of this is counted after compression. */
  readonly isCompressed?: boolean;
}

/** Describes the size of boot data and its limit. */
export function describeBootData(
  { bytes, limit, configuration, room, isEstimate, isCompressed = false }: BootData,
  cloud: Cloud,
): string {
  const about = isEstimate ? "an estimate, because this release's template was not read: " : '';
  const [all, most, ours, left] = [bytes, limit, configuration, Math.max(room, 0)].map(formatCount);
  const subject = isCompressed ? 'Compressed boot data' : 'Boot data';
  return `${subject}: ${about}${all} of the ${most} bytes that ${CLOUD_TITLES[cloud]} accepts; the boot script takes ${ours} of the ${left} available`;
}
