import { expect, test, vi } from 'vitest';
import { checkCloudImage } from '../../src/ami/lines/check-line.ts';
import type { ImageStatus } from '../../src/ami/status.ts';
import { type CloudAnswer, describeImage, listVersions, pathWith } from '../services/cloud-program.ts';

const NOW = new Date('2026-11-30T12:00:00Z');
const WHEN = { now: NOW, warnDays: 30 };
const ago = (days: number) => new Date(NOW.getTime() - days * 86_400_000).toISOString();

const FAMILY = 'projects/spacelift-workers/global/images/family/spacelift-worker';
const named = (days: number) =>
  `projects/spacelift-workers/global/images/spacelift-worker-eu-${Math.floor(Date.parse(ago(days)) / 1000)}-ab12cd34`;
const GALLERY = '/communityGalleries/spacelift-40913cda-9bf9-4bcb-bf90-78fd83f30079/images';
const LATEST = `${GALLERY}/spacelift_worker_image_ubu_lts/versions/latest`;
const version = (name: string) => `${GALLERY}/spacelift_worker_image_ubu_lts/versions/${name}`;

const image = (days: number, more: object = {}): CloudAnswer => ({
  prints: { name: 'an-image', status: 'READY', architecture: 'ARM64', creationTimestamp: ago(days), ...more },
});
/** As gcloud 528.0.0 prints what Compute Engine says. */
const failure = (line: string) => `ERROR: (gcloud.compute.images.describe) Could not fetch resource:\n - ${line}\n`;
const notFound = { says: failure("The resource 'projects/p/global/images/x' was not found") };
const denied = { says: failure("Required 'compute.images.get' permission for 'projects/p/global/images/x'") };
const loggedOut = {
  says: 'ERROR: (gcloud.compute.images.describe) You do not currently have an active account selected.\nPlease run:\n\n  $ gcloud auth login\n',
};

type Programs = Parameters<typeof pathWith>[0];

/** A gcloud that knows the image or family, and no other. */
function google(reference: string, answer: CloudAnswer): Programs {
  const [, project = '', family, name = ''] = /^projects\/(.*)\/global\/images\/(family\/)?(.*)$/.exec(reference) ?? [];
  return { gcloud: { [describeImage(project, name, family ? 'describe-from-family' : 'describe')]: answer } };
}

/** An az that knows an image of Spacelift's gallery, and no other. */
const azure = (answer: CloudAnswer, name = 'spacelift_worker_image_ubu_lts'): Programs => ({
  az: { [listVersions(name)]: answer },
});
const versions: CloudAnswer = {
  prints: [
    { name: '3.0.9', publishedDate: ago(90), endOfLifeDate: null, excludeFromLatest: false },
    { name: '3.0.10', publishedDate: ago(8), endOfLifeDate: null, excludeFromLatest: false },
    { name: '3.0.11', publishedDate: ago(1), endOfLifeDate: null, excludeFromLatest: true },
    { name: '3.0.1', publishedDate: ago(400), endOfLifeDate: null },
    { name: '3.0.2', publishedDate: ago(300), endOfLifeDate: ago(1) },
    { name: '3.0.3', publishedDate: ago(200), endOfLifeDate: ago(-30) },
  ],
};
const none: Programs = {};
const NOT_INSTALLED = /gcloud is not installed or not in PATH/;

type Case = [title: string, reference: string, programs: Programs, status: ImageStatus, note: RegExp];

test.each<Case>([
  ["Spacelift's family", FAMILY, google(FAMILY, image(8)), 'current', /newest image is an-image, 8 days old/],
  ['a family whose newest image is old', FAMILY, google(FAMILY, image(800)), 'outdated', /800 days old/],
  ["Spacelift's family without gcloud", FAMILY, none, 'current', NOT_INSTALLED],
  [
    'a family that gcloud may not see',
    FAMILY,
    google(FAMILY, loggedOut),
    'current',
    /do not currently have an active account selected\)/,
  ],
  ['a family that does not exist', FAMILY, google(FAMILY, notFound), 'gone', /no such image or family/],
  ["an image of Spacelift's by name", named(40), google(named(40), image(40)), 'current', /it is 40 days old/],
  ["an old image of Spacelift's by name", named(400), google(named(400), image(400)), 'outdated', /400 days old/],
  ['the same without gcloud', named(400), none, 'outdated', /400 days old/],
  [
    'a fresh one without gcloud',
    named(40),
    none,
    'unknown',
    /40 days old; Google Cloud could not be queried \(gcloud is not installed/,
  ],
  ['one that was deleted', named(40), google(named(40), notFound), 'gone', /no such image/],
  [
    'one that gcloud may not see',
    named(40),
    google(named(40), denied),
    'unknown',
    /Required 'compute.images.get' permission/,
  ],
  [
    'a deprecated one',
    named(40),
    google(named(40), image(40, { deprecated: { state: 'DEPRECATED' } })),
    'deprecated',
    /./,
  ],
  [
    'an obsolete one',
    named(40),
    google(named(40), image(40, { deprecated: { state: 'OBSOLETE' } })),
    'not available',
    /./,
  ],
  [
    'one that is being made',
    named(0),
    google(named(0), image(0, { status: 'PENDING' })),
    'not available',
    /0 days old/,
  ],
  [
    "another project's, to be deprecated in ten days",
    'projects/mine/global/images/golden',
    google('projects/mine/global/images/golden', image(700, { deprecated: { state: 'ACTIVE', deprecated: ago(-10) } })),
    'deprecates soon',
    /700 days old/,
  ],
  [
    "another project's, which sets no dates",
    'projects/mine/global/images/golden',
    google('projects/mine/global/images/golden', image(700)),
    'current',
    /./,
  ],
  [
    'an answer that is no JSON',
    'projects/mine/global/images/golden',
    google('projects/mine/global/images/golden', { prints: 'hello' }),
    'unknown',
    /printed unexpected output/,
  ],
  [
    "the latest version of Azure's line",
    LATEST,
    azure(versions),
    'current',
    /version 3.0.10, 8 days old \(the newest\)/,
  ],
  [
    'the same in the writing of the release notes',
    LATEST.replace('/images', '/Images'),
    azure(versions),
    'current',
    /3.0.10/,
  ],
  [
    'an older version',
    version('3.0.9'),
    azure(versions),
    'current',
    /version 3.0.9, 90 days old; the newest is 3.0.10/,
  ],
  ['a version that is too old', version('3.0.1'), azure(versions), 'outdated', /400 days old/],
  ['a version at its end of life', version('3.0.2'), azure(versions), 'deprecated', /./],
  ['a version before its end of life', version('3.0.3'), azure(versions), 'deprecates soon', /./],
  ['a version that does not exist', version('3.0.99'), azure(versions), 'gone', /no such version in westeurope/],
  [
    'an image that does not exist',
    LATEST,
    azure({ says: 'ERROR: (NotFound) gone', exitCode: 3 }),
    'gone',
    /no such version/,
  ],
  ['the latest version without az', LATEST, none, 'current', /newest version is not known \(az is not installed/],
  ['a version without az', version('3.0.9'), none, 'unknown', /az is not installed/],
  [
    'az that is not logged in',
    LATEST,
    azure({ says: "ERROR: Please run 'az login' to setup account.\n" }),
    'current',
    /Please run 'az login' to setup account\)/,
  ],
  [
    'the line that ended in 2025',
    `${GALLERY}/spacelift_worker_image/versions/latest`,
    none,
    'no longer built',
    /since 2025-11-11: use .*ubu_lts/,
  ],
  [
    'a version of that line',
    `${GALLERY}/spacelift_worker_image/versions/3.0.9`,
    azure(versions),
    'no longer built',
    /2025-11-11/,
  ],
  [
    "another gallery's image",
    '/communityGalleries/mine/images/golden',
    azure(versions),
    'unknown',
    /not a Spacelift image/,
  ],
  ["an image of one's own", '/subscriptions/s/resourceGroups/g/images/i', none, 'unknown', /not a public image/],
])('%s', async (_title, reference, programs, status, note) => {
  vi.stubEnv('PATH', await pathWith(programs));
  const found = await checkCloudImage(reference, WHEN, { signal: AbortSignal.timeout(30_000), isOffline: false });
  expect(found).toMatchObject({ status, note: expect.stringMatching(note) });
});

test('with --offline, no program is run', async () => {
  vi.stubEnv('PATH', await pathWith(google(FAMILY, image(8))));
  const how = { signal: AbortSignal.timeout(30_000), isOffline: true };
  expect(await checkCloudImage(FAMILY, WHEN, how)).toEqual({
    status: 'current',
    architecture: 'x86_64',
    note: 'Spacelift builds this family; its newest image is not known (--offline)',
  });
});

test.each<[title: string, reference: string, programs: Programs, expected: object]>([
  [
    "another project's image, with the day that its owner announced",
    'projects/mine/global/images/golden',
    google('projects/mine/global/images/golden', image(7, { deprecated: { deprecated: ago(-40) } })),
    { status: 'current', architecture: 'arm64', daysLeft: 40, released: ago(7), deprecates: ago(-40) },
  ],
  [
    "Spacelift's image without gcloud",
    named(364),
    none,
    { status: 'outdated', architecture: 'x86_64', released: ago(364) },
  ],
  ['the day before', named(363), none, { status: 'unknown', architecture: 'x86_64', released: ago(363) }],
  ["an image that is only named like Spacelift's", named(400).replace('-workers', '-w'), none, { status: 'unknown' }],
  [
    "a version in Spacelift's gallery, with its end of life",
    version('3.0.3'),
    azure(versions),
    { status: 'deprecates soon', architecture: 'x86_64', daysLeft: 30, released: ago(200), deprecates: ago(-30) },
  ],
  [
    'one that excludes itself from latest',
    version('3.0.11'),
    azure(versions),
    { status: 'current', architecture: 'x86_64', released: ago(1) },
  ],
])('dates of %s', async (_title, reference, programs, expected) => {
  vi.stubEnv('PATH', await pathWith(programs));
  const found = await checkCloudImage(reference, WHEN, { signal: AbortSignal.timeout(30_000), isOffline: false });
  const { note: _, ...dates } = JSON.parse(JSON.stringify(found));
  expect(dates).toEqual(expected);
});

test('a signal ends the question to a cloud', async () => {
  vi.stubEnv('PATH', await pathWith({ az: { [listVersions('spacelift_worker_image_ubu_lts')]: { hangs: true } } }));
  const how = { signal: AbortSignal.timeout(200), isOffline: false };
  await expect(checkCloudImage(LATEST, WHEN, how)).rejects.toThrow('Interrupted');
});
