import { expect, test, vi } from 'vitest';
import { checkImages } from '../../src/ami/check-images.ts';
import type { ImageStatus } from '../../src/ami/status.ts';
import { AWS_ENVIRONMENT, type StoredGroup, spaceliftImage } from '../services/aws/account.ts';
import { startAws } from '../services/aws/server.ts';

const NEW = spaceliftImage('ami-00000000000000001', 5);
const OLD = spaceliftImage('ami-00000000000000002', 400);
const ARM = spaceliftImage('ami-00000000000000003', 20, { architecture: 'arm64' });
const GONE = 'ami-00000000000000009';

const ACCOUNT = {
  images: [NEW, OLD, ARM],
  templates: [
    { id: 'lt-1', name: 'workers', default: 1, versions: [OLD.id, NEW.id] },
    { id: 'lt-2', name: 'arm', default: 1, versions: [ARM.id] },
    { id: 'lt-3', name: 'parameter', default: 1, versions: ['resolve:ssm:/golden/image'] },
    { id: 'lt-4', name: 'empty', default: 1, versions: [undefined] },
    { id: 'lt-5', name: 'dangling', default: 1, versions: ['resolve:ssm:/nothing', 'resolve:ssm:/refused'] },
  ],
  parameters: { '/golden/image': NEW.id },
  configurations: { classic: OLD.id },
  pageSize: 1,
};

const WHEN = { now: new Date(), warnDays: 30 };
const signal = AbortSignal.timeout(60_000);

/** Checks a group that is beside another one. */
async function checkGroup(group: Omit<StoredGroup, 'name'>) {
  for (const [name, value] of Object.entries(AWS_ENVIRONMENT)) vi.stubEnv(name, value);
  const groups = [
    { name: 'other', runs: [GONE] },
    { name: 'workers', ...group },
  ];
  const { url: endpoint } = await startAws({ ...ACCOUNT, groups });
  return checkImages({ images: [], group: 'workers', endpoint }, WHEN, signal);
}

type Case = [title: string, group: Omit<StoredGroup, 'name'>, statuses: Record<string, ImageStatus>];

test.each<Case>([
  [
    'its instances, those of its warm pool and its template',
    { runs: [OLD.id, GONE, OLD.id], keepsWarm: [NEW.id], template: { id: 'lt-2', version: '1' } },
    { [OLD.id]: 'deprecated', [GONE]: 'gone', [NEW.id]: 'current', [ARM.id]: 'current' },
  ],
  [
    'instances that start or stop, and not at those that end',
    { others: { pending: NEW.id, stopping: OLD.id, 'shutting-down': GONE, terminated: GONE } },
    { [NEW.id]: 'current', [OLD.id]: 'deprecated' },
  ],
  ['its template at zero instances', { template: { id: 'lt-1', version: '$Latest' } }, { [NEW.id]: 'current' }],
  ["the template's default version", { template: { name: 'workers' } }, { [OLD.id]: 'deprecated' }],
  ['a Systems Manager parameter', { template: { id: 'lt-3', version: '$Default' } }, { [NEW.id]: 'current' }],
  ['a launch configuration', { configuration: 'classic' }, { [OLD.id]: 'deprecated' }],
  ['one that was deleted', { configuration: 'no' }, { 'launch configuration no': 'unknown' }],
  [
    'a mixed-instances policy',
    {
      mixed: {
        template: { id: 'lt-1', version: '2' },
        overrides: [{}, { template: { name: 'arm', version: '$Latest' } }, { image: OLD.id }],
      },
    },
    { [NEW.id]: 'current', [ARM.id]: 'current', [OLD.id]: 'deprecated' },
  ],
  [
    'a version that was deleted',
    { template: { id: 'lt-1', version: '9' } },
    { 'launch template lt-1 version 9': 'unknown' },
  ],
  ['a template that was deleted', { template: { name: 'no' } }, { 'launch template no version $Default': 'unknown' }],
  ['a template without an image', { template: { id: 'lt-4' } }, { 'launch template lt-4 version $Default': 'unknown' }],
  [
    'a parameter that does not exist',
    { template: { id: 'lt-5' } },
    { 'launch template lt-5 version $Default': 'unknown' },
  ],
])('ami check of an auto-scaling group looks at %s', async (_title, group, statuses) => {
  const { images, actionNeeded } = await checkGroup(group);
  expect(Object.fromEntries(images.map(({ id, name, status }) => [id ?? name, status]))).toEqual(statuses);
  expect(actionNeeded).toBe(Object.values(statuses).some((each) => each !== 'current'));
});

test('what EC2 says against a parameter is passed on', async () => {
  const { images } = await checkGroup({ template: { id: 'lt-5', version: '2' } });
  expect(images[0]?.note).toBe('The request to EC2 failed: /refused cannot be resolved');
});

test('an image is named with all that uses it', async () => {
  const { images } = await checkGroup({ runs: [NEW.id], template: { id: 'lt-1', version: '$Latest' } });
  expect(images[0]?.usedBy).toEqual([
    'instances of auto-scaling group workers',
    'launch template lt-1 version $Latest of auto-scaling group workers',
  ]);
});

test('an override and a launch configuration are named as what they are', async () => {
  const override = await checkGroup({ mixed: { template: { id: 'lt-4' }, overrides: [{ image: NEW.id }] } });
  expect(override.images[0]?.usedBy).toEqual(['an override of auto-scaling group workers']);
  const configuration = await checkGroup({ configuration: 'classic' });
  expect(configuration.images[0]?.usedBy).toEqual(['launch configuration classic of auto-scaling group workers']);
});

test('a group without anything is no reason to act', async () => {
  expect(await checkGroup({})).toEqual({ images: [], actionNeeded: false });
});
