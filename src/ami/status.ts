/**
 * The status of an image on a day. `disabled` and `not available`: no instance can start from it. `outdated`: older than a
 * year, where its owner sets no dates. `gone`: its cloud does not show it to this account, or its owner has removed it.
 */
export type ImageStatus =
  | 'current'
  | 'deprecates soon'
  | 'deprecated'
  | 'disabled'
  | 'not available'
  | 'outdated'
  | 'no longer built'
  | 'gone'
  | 'unknown';

/** The status of an image on a day, and its dates. */
export interface Lifecycle {
  readonly status: ImageStatus;
  /** Days until it is deprecated; negative after that. */
  readonly daysLeft?: number;
  readonly architecture?: string;
  readonly released?: Date;
  readonly deprecates?: Date;
  /** When Spacelift removes it. Of other owners' images, nothing is known. */
  readonly removed?: Date;
  /** What else there is to know about it, in words. */
  readonly note?: string;
}

/** The day, and how many days ahead a deprecation counts as soon. */
export interface When {
  readonly now: Date;
  readonly warnDays: number;
}

const DAY = 24 * 60 * 60 * 1000;

/** Counts the days until a date, rounded up: 0 or less if it is over. */
export function daysUntil(date: Date, now: Date): number {
  return Math.ceil((date.getTime() - now.getTime()) / DAY) || 0;
}

/** Returns the date so many days later. */
export function addDays(date: Date, days: number): Date {
  return new Date(date.getTime() + days * DAY);
}

/** Reports whether the user should replace an image, or find out more about it. */
export function needsAction({ status }: Lifecycle): boolean {
  return status !== 'current';
}
