/** What is known of a machine image. */
export interface Image {
  readonly id?: string | undefined;
  readonly name?: string | undefined;
  readonly architecture?: string | undefined;
  readonly createdAt?: Date | undefined;
  /** When EC2 says it is deprecated; worked out from its age where EC2 says nothing. */
  readonly deprecatedAt?: Date | undefined;
}

export type Fate = 'current' | 'deprecates soon' | 'deprecated' | 'gone' | 'unknown';

/** Age and fate of an image on one day. */
export interface Life {
  readonly fate: Fate;
  /** Days until it is deprecated; negative where it is already. */
  readonly daysLeft?: number;
  readonly architecture?: string;
  readonly released?: Date;
  readonly deprecates?: Date;
  readonly removed?: Date;
}

const DAY = 24 * 60 * 60 * 1000;
/** The vendor's policy: no new instances start from an image after 364 days, and after 420 it is removed. */
const DEPRECATED_AFTER = 364;
const REMOVED_AFTER = 420;

/** The vendor's image names: `spacelift-<Unix timestamp>-<architecture>`. @returns nothing for any other name */
export function readImageName(name: string): { released: Date; architecture: string } | undefined {
  const [, seconds, architecture] = /^spacelift-(\d{9,11})-(x86_64|arm64)$/.exec(name) ?? [];
  return seconds && architecture ? { released: new Date(Number(seconds) * 1000), architecture } : undefined;
}

/** @param warnDays how many days ahead a deprecation counts as soon */
export function lifeOf(image: Image, { now, warnDays }: { now: Date; warnDays: number }): Life {
  const named = readImageName(image.name ?? '');
  const released = named?.released ?? image.createdAt;
  const architecture = image.architecture ?? named?.architecture;
  const base = architecture ? { architecture } : {};
  const deprecates = image.deprecatedAt ?? (released && after(released, DEPRECATED_AFTER));
  if (!deprecates) return { ...base, fate: 'unknown' };
  const removed = released ? after(released, REMOVED_AFTER) : after(deprecates, REMOVED_AFTER - DEPRECATED_AFTER);
  const daysLeft = Math.ceil((deprecates.getTime() - now.getTime()) / DAY);
  const fate: Fate =
    now >= removed ? 'gone' : now >= deprecates ? 'deprecated' : daysLeft <= warnDays ? 'deprecates soon' : 'current';
  return { ...base, fate, daysLeft, ...(released && { released }), deprecates, removed };
}

function after(date: Date, days: number): Date {
  return new Date(date.getTime() + days * DAY);
}

/** Whether it is time to act. */
export function needsAction({ fate }: Life): boolean {
  return fate !== 'current';
}
