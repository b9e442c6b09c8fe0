import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Image, lifecycleOf } from '../../src/ami/aws/lifecycle.ts';
import { readImageName, SPACELIFT_ACCOUNTS } from '../../src/ami/aws/spacelift-images.ts';
import { type ImageStatus, type Lifecycle, needsAction } from '../../src/ami/status.ts';

const DAY = 86_400_000;
const NOW = new Date('2026-11-30T12:00:00Z');
const WHEN = { now: NOW, warnDays: 30 };
const ago = (days: number) => new Date(NOW.getTime() - days * DAY);

const OWN = SPACELIFT_ACCOUNTS.aws;
const GOV = SPACELIFT_ACCOUNTS['aws-us-gov'];
const MINE = '111111111111';

/** An image as EC2 describes it in this run, so many days after its release. */
function described(days: number, more: Image = {}): Image {
  const createdAt = ago(days);
  const name = `spacelift-${createdAt.getTime() / 1000}-x86_64`;
  return { id: 'ami-0a1b2c3d', name, owner: OWN, state: 'available', createdAt, isDescribedNow: true, ...more };
}

/** The same, as Spacelift's build sets its deprecation. */
const own = (days: number, more: Image = {}) => described(days, { deprecatedAt: ago(days - 364), ...more });

/** An image of another account under a name of its own. */
const foreign = (days: number, more: Image = {}) =>
  described(days, { name: 'golden-2026', owner: MINE, deprecatedAt: undefined, ...more });

const saved = { isDescribedNow: false };

type Case = [title: string, image: Image, status: ImageStatus, more?: Partial<Record<keyof Lifecycle, unknown>>];

const STATUSES: Case[] = [
  ["Spacelift's, five days old", own(5), 'current', { daysLeft: 359, removed: ago(5 - 420) }],
  ["Spacelift's, 30 days before its deprecation", own(334), 'deprecates soon', { daysLeft: 30 }],
  ["Spacelift's, 364 days old", own(364), 'deprecated', { daysLeft: 0 }],
  [
    "Spacelift's, 430 days old, and EC2 still has it",
    own(430),
    'deprecated',
    { note: 'Spacelift removes its images after 420 days; EC2 still has it' },
  ],
  ["Spacelift's, 430 days old, in a saved answer", own(430, saved), 'gone'],
  ["Spacelift's, of which only the name is known, 100 days old", { name: own(100).name }, 'current'],
  ["Spacelift's, of which only the name is known, 430 days old", { name: own(430).name }, 'gone'],
  ["Spacelift's in GovCloud, 400 days old", own(400, { owner: GOV }), 'deprecated', { removed: ago(400 - 420) }],
  ["Spacelift's, whose deprecation EC2 does not state, 400 days old", described(400), 'deprecated'],
  ["Spacelift's, deprecated early", own(5, { deprecatedAt: ago(1) }), 'deprecated', { daysLeft: -1 }],
  [
    'a private one without a deprecation time, three years old',
    foreign(1000),
    'current',
    { note: 'its owner has set no deprecation time' },
  ],
  ['a shared one whose owner deprecates it in ten days', foreign(90, { deprecatedAt: ago(-10) }), 'deprecates soon'],
  ['a shared one whose owner deprecated it yesterday', foreign(90, { deprecatedAt: ago(1) }), 'deprecated'],
  ['a public one, which EC2 deprecates after two years', foreign(500, { deprecatedAt: ago(-230) }), 'current'],
  [
    "a copy of Spacelift's in the user's own account, 500 days old",
    described(500, { owner: MINE }),
    'current',
    { note: expect.stringContaining(`account ${MINE} owns it`) },
  ],
  [
    'one that its owner disabled',
    foreign(10, { state: 'disabled' }),
    'disabled',
    { note: 'no instance can start from it' },
  ],
  [
    'one that is still being made',
    foreign(0, { state: 'pending' }),
    'not available',
    { note: 'EC2 says that it is pending' },
  ],
  ['one whose making failed', foreign(1, { state: 'failed' }), 'not available'],
  ['one that was deregistered a moment ago', own(430, { state: 'deregistered' }), 'not available'],
  ['one of another name in a file that was shortened', { id: 'ami-0a1b2c3d', name: 'golden', ...saved }, 'unknown'],
];

test.each(STATUSES)('%s', (_title, image, status, more = {}) => {
  expect(lifecycleOf(image, WHEN)).toMatchObject({ status, ...more });
  expect(needsAction(lifecycleOf(image, WHEN))).toBe(status !== 'current');
});

test.each<[title: string, image: Image, expected: Lifecycle]>([
  [
    "Spacelift's, by its name alone",
    { name: own(100).name },
    {
      status: 'current',
      architecture: 'x86_64',
      daysLeft: 264,
      released: ago(100),
      deprecates: ago(-264),
      removed: ago(-320),
    },
  ],
  [
    "Spacelift's, on the day that it is removed",
    own(420, saved),
    {
      ...{
        status: 'gone',
        architecture: 'x86_64',
        daysLeft: -56,
        released: ago(420),
        deprecates: ago(56),
        removed: NOW,
      },
      note: 'Spacelift removes its images after 420 days',
    },
  ],
  ["Spacelift's, under another name", described(9, { name: 'test' }), { status: 'current', released: ago(9) }],
  [
    'an image of another account, named for another architecture than EC2 says',
    described(9, { owner: MINE, architecture: 'arm64' }),
    {
      ...{ status: 'current', architecture: 'arm64', released: ago(9) },
      note: `it is named like one of Spacelift's images, but account ${MINE} owns it; its owner has set no deprecation time`,
    },
  ],
  ['nothing but an ID', { id: 'ami-1' }, { status: 'unknown', note: 'its deprecation time is not known' }],
])('all that is said of %s', (_title, image, expected) => expect(lifecycleOf(image, WHEN)).toEqual(expected));

test("Spacelift's dates are not said of images of others", () => {
  for (const image of [foreign(10), described(10, { owner: MINE })]) {
    const { removed, deprecates } = lifecycleOf(image, WHEN);
    expect({ removed, deprecates }).toEqual({});
  }
});

const anyImage = fc.record(
  {
    name: fc.constantFrom(own(10).name ?? '', own(700).name ?? '', 'golden', ''),
    owner: fc.constantFrom(OWN, GOV, MINE, undefined),
    state: fc.constantFrom('available', 'pending', 'deregistered', 'disabled', undefined),
    createdAt: fc.date({ min: ago(900), max: NOW, noInvalidDate: true }),
    deprecatedAt: fc.date({ min: ago(900), max: ago(-900), noInvalidDate: true }),
  },
  { requiredKeys: [] },
);

test('an image that EC2 has just described is never gone', () => {
  fc.assert(
    fc.property(anyImage, (image) => {
      expect(lifecycleOf({ ...image, isDescribedNow: true }, WHEN).status).not.toBe('gone');
    }),
  );
});

test('an image never gets a better status as time goes on', () => {
  const order = ['current', 'deprecates soon', 'deprecated', 'gone'];
  const statusAfter = (days: number, warnDays: number) =>
    order.indexOf(lifecycleOf({ name: own(0).name }, { now: ago(-days), warnDays }).status);
  fc.assert(
    fc.property(fc.nat(600), fc.nat(600), fc.nat(100), (one, more, warnDays) => {
      expect(statusAfter(one + more, warnDays)).toBeGreaterThanOrEqual(statusAfter(one, warnDays));
    }),
  );
});

test.each([
  'spacelift-x-arm64',
  'spacelift-1760000000-ppc64',
  'spacelift-1760000000-arm64 ',
  'spacelift-176000000-arm64',
  'spacelift-17600000000-arm64',
  '',
])("%j is not the name of one of Spacelift's images", (other) => expect(readImageName(other)).toBeUndefined());
