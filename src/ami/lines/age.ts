import { counted } from '../../core/text.ts';
import { daysUntil, type ImageStatus, type Lifecycle, type When } from '../status.ts';
import type { ImageLine } from './spacelift-lines.ts';

/**
 * The age in days from which one of Spacelift's images counts as outdated. Spacelift builds every week, and has its images
 * on AWS deprecated at that age; on Azure and Google Cloud it sets no such date.
 */
export const OUTDATED_AFTER = 364;

/** Returns how many days ago something was released. */
export function ageInDays(released: Date, { now }: When): number {
  return -daysUntil(released, now);
}

/** Puts an age into words: `12 days old`. */
export function ageWords(released: Date, when: When): string {
  return `${counted(ageInDays(released, when), 'day')} old`;
}

/** Describes an image of a line that Spacelift no longer builds, whatever its age. */
export function endedLine({ architecture, endedOn, replacement }: ImageLine, released: Date | undefined): Lifecycle {
  return {
    status: 'no longer built',
    architecture,
    ...(released && { released }),
    note: `Spacelift has built another line since ${endedOn}: use ${replacement}`,
  };
}

/** Decides by its age alone whether an image of Spacelift's is outdated. */
export function statusByAge(released: Date | undefined, when: When): ImageStatus | undefined {
  return released && ageInDays(released, when) >= OUTDATED_AFTER ? 'outdated' : undefined;
}
