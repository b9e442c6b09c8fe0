/** A machine image, as far as it is known. */
export interface Image {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly architecture?: string | undefined;
  readonly createdAt?: Date | undefined;
  /** EC2's deprecation time. Without one, it is computed from the image's age. */
  readonly deprecatedAt?: Date | undefined;
}

/** The status of an image on a day. */
export type ImageStatus = 'current' | 'deprecates soon' | 'deprecated' | 'gone' | 'unknown';

/** The status of an image on a day, and its dates. */
export interface Lifecycle {
  readonly fate: ImageStatus;
  /** Days until it is deprecated; negative after that. */
  readonly daysLeft?: number;
  readonly architecture?: string;
  readonly released?: Date;
  readonly deprecates?: Date;
  readonly removed?: Date;
}

const DAY = 24 * 60 * 60 * 1000;
/** Spacelift's policy: an image cannot start new instances after 364 days, and is removed after 420. */
const DEPRECATED_AFTER = 364;
const REMOVED_AFTER = 420;

/** Parses the name of a Spacelift image: `spacelift-<Unix timestamp>-<architecture>`. `undefined` for any other name. */
export function readImageName(name: string): { released: Date; architecture: string } | undefined {
  const [, seconds, architecture] = /^spacelift-(\d{9,11})-(x86_64|arm64)$/.exec(name) ?? [];
  return seconds && architecture ? { released: new Date(Number(seconds) * 1000), architecture } : undefined;
}

/** Determines the lifecycle of an image on a day. @param warnDays how many days ahead a deprecation counts as soon */
export function lifecycleOf(image: Image, { now, warnDays }: { now: Date; warnDays: number }): Lifecycle {
  const named = readImageName(image.name ?? '');
  const released = named?.released ?? image.createdAt;
  const architecture = image.architecture ?? named?.architecture;
  const base = architecture ? { architecture } : {};
  const deprecates = image.deprecatedAt ?? (released && after(released, DEPRECATED_AFTER));
  if (!deprecates) return { ...base, fate: 'unknown' };
  const removed = released ? after(released, REMOVED_AFTER) : after(deprecates, REMOVED_AFTER - DEPRECATED_AFTER);
  const daysLeft = Math.ceil((deprecates.getTime() - now.getTime()) / DAY);
  const fate: ImageStatus =
    now >= removed ? 'gone' : now >= deprecates ? 'deprecated' : daysLeft <= warnDays ? 'deprecates soon' : 'current';
  return { ...base, fate, daysLeft, ...(released && { released }), deprecates, removed };
}

function after(date: Date, days: number): Date {
  return new Date(date.getTime() + days * DAY);
}

/** Reports whether the user should replace an image. */
export function needsAction({ fate }: Lifecycle): boolean {
  return fate !== 'current';
}
