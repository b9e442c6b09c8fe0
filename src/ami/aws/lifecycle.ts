import { addDays, daysUntil, type ImageStatus, type Lifecycle, type When } from '../status.ts';
import { isSpacelifts, readImageName } from './spacelift-images.ts';

/** A machine image on AWS, as far as it is known. */
export interface Image {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly architecture?: string | undefined;
  /** The number of the account that owns it. */
  readonly owner?: string | undefined;
  /** EC2's word for its state: `available`, `pending`, `disabled` and others. */
  readonly state?: string | undefined;
  readonly createdAt?: Date | undefined;
  /** EC2's deprecation time, which the owner sets. */
  readonly deprecatedAt?: Date | undefined;
  /** Whether EC2 described it in this run: then it exists. What a file or a name says may be out of date. */
  readonly isDescribedNow?: boolean;
}

/**
 * Spacelift sets its images to be deprecated after 364 days, and deregisters those that are older than 420 when it builds
 * the next (spacelift-worker-image, aws.pkr.hcl@533e586: `deprecate_at`, `keep_days`).
 */
const DEPRECATED_AFTER = 364;
const REMOVED_AFTER = 420;

/**
 * Determines the lifecycle of an image on a day. Spacelift's rules hold for its own images only; every other image goes by
 * its own deprecation time. An image that EC2 has just described is never gone.
 */
export function lifecycleOf(image: Image, when: When): Lifecycle {
  const named = readImageName(image.name ?? '');
  const own = isSpacelifts(image.owner) ? named : undefined;
  const released = own?.released ?? image.createdAt;
  const architecture = image.architecture ?? named?.architecture;
  const deprecates = image.deprecatedAt ?? (own && addDays(own.released, DEPRECATED_AFTER));
  const removed = own && addDays(own.released, REMOVED_AFTER);
  const daysLeft = deprecates && daysUntil(deprecates, when.now);
  const isPastRemoval = removed !== undefined && when.now >= removed;
  const status = statusOf(image, { daysLeft, isPastRemoval, warnDays: when.warnDays });
  const note = noteOn(image, { status, hasSpaceliftName: named !== undefined && !own, isPastRemoval });
  return {
    status,
    ...(architecture && { architecture }),
    ...(daysLeft !== undefined && { daysLeft }),
    ...(released && { released }),
    ...(deprecates && { deprecates }),
    ...(removed && { removed }),
    ...(note && { note }),
  };
}

function statusOf(
  { state, isDescribedNow = false }: Image,
  known: { daysLeft: number | undefined; isPastRemoval: boolean; warnDays: number },
): ImageStatus {
  const { daysLeft, isPastRemoval, warnDays } = known;
  if (isPastRemoval && !isDescribedNow) return 'gone';
  // A disabled image cannot start instances (EC2 API Reference, DisableImage).
  if (state === 'disabled') return 'disabled';
  if (state !== undefined && state !== 'available') return 'not available';
  // Without a date, only a description of EC2's says that it is usable.
  if (daysLeft === undefined) return state === 'available' ? 'current' : 'unknown';
  if (daysLeft <= 0) return 'deprecated';
  return daysLeft <= warnDays ? 'deprecates soon' : 'current';
}

function noteOn(
  { owner, state, deprecatedAt }: Image,
  found: { status: ImageStatus; hasSpaceliftName: boolean; isPastRemoval: boolean },
): string | undefined {
  const { status, hasSpaceliftName, isPastRemoval } = found;
  const notes = [
    hasSpaceliftName && `it is named like one of Spacelift's images, but account ${owner} owns it`,
    status === 'not available' && `EC2 says that it is ${state}`,
    status === 'disabled' && 'no instance can start from it',
    status === 'gone' && `Spacelift removes its images after ${REMOVED_AFTER} days`,
    status !== 'gone' && isPastRemoval && `Spacelift removes its images after ${REMOVED_AFTER} days; EC2 still has it`,
    status === 'current' && !deprecatedAt && owner && !isSpacelifts(owner) && 'its owner has set no deprecation time',
    status === 'unknown' && 'its deprecation time is not known',
  ];
  return notes.filter(Boolean).join('; ') || undefined;
}
