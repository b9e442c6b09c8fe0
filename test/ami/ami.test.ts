import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { lifecycleOf, readImageName } from '../../src/ami/lifecycle.ts';
import { readDescribedImages, readTerraformState } from '../../src/ami/saved.ts';
import { temporaryFolder } from '../services/temporary.ts';

const DAY = 86_400_000;
const released = new Date('2026-01-01T00:00:00Z');
const name = `spacelift-${released.getTime() / 1000}-arm64`;
const fateAfter = (days: number, warnDays = 30) =>
  lifecycleOf({ name }, { now: new Date(released.getTime() + days * DAY), warnDays });

test.each([
  [0, 'current', 364],
  [333, 'current', 31],
  [334, 'deprecates soon', 30],
  [363.5, 'deprecates soon', 1],
  [364, 'deprecated', 0],
  [419.9, 'deprecated', -55],
  [420, 'gone', -56],
] as const)('an image of %d days is %s, %d days before its deprecation', (days, fate, daysLeft) => {
  expect(fateAfter(days)).toMatchObject({ fate, architecture: 'arm64' });
  expect(fateAfter(days).daysLeft).toBeCloseTo(daysLeft);
});

test('what EC2 says of its deprecation counts for more than its age', () => {
  const deprecatedAt = new Date(released.getTime() + 100 * DAY);
  const now = new Date(released.getTime() + 101 * DAY);
  expect(lifecycleOf({ name, deprecatedAt }, { now, warnDays: 30 }).fate).toBe('deprecated');
});

test('an image of another name is judged by its creation, and not at all without one', () => {
  const when = { now: new Date(released.getTime() + 400 * DAY), warnDays: 30 };
  expect(lifecycleOf({ name: 'mine', createdAt: released }, when).fate).toBe('deprecated');
  expect(lifecycleOf({ name: 'mine' }, when).fate).toBe('unknown');
});

test.each(['spacelift-x-arm64', 'spacelift-1760000000-ppc64', 'spacelift-1760000000-arm64 ', 'spacelift-1-arm64', ''])(
  '%j is not an image name of Spacelift',
  (other) => expect(readImageName(other)).toBeUndefined(),
);

test('an image never gets a better verdict as time goes on', () => {
  const order = ['current', 'deprecates soon', 'deprecated', 'gone'];
  fc.assert(
    fc.property(fc.nat(600), fc.nat(600), fc.nat(100), (one, more, warnDays) => {
      const [before, after] = [fateAfter(one, warnDays), fateAfter(one + more, warnDays)];
      expect(order.indexOf(after.fate)).toBeGreaterThanOrEqual(order.indexOf(before.fate));
    }),
  );
});

test('both formats of a Terraform state say which image is looked up and which is started, in any module', async () => {
  const folder = await temporaryFolder();
  const image = { id: 'ami-0a1b2c3d', name, architecture: 'arm64', creation_date: released.toISOString() };
  const state = {
    version: 4,
    resources: [
      { mode: 'data', type: 'aws_ami', name: 'this', module: 'module.workers', instances: [{ attributes: image }] },
      { type: 'aws_launch_template', name: 'this', instances: [{ attributes: { image_id: 'ami-0a1b2c3d' } }] },
      { type: 'aws_instance', name: 'one', instances: [{ attributes: { ami: 'ami-11111111' } }, { attributes: null }] },
      { type: 'aws_s3_bucket', name: 'x', instances: [{ attributes: { ami: 'ami-22222222' } }] },
    ],
  };
  const shown = {
    format_version: '1.0',
    values: {
      root_module: {
        child_modules: [
          {
            resources: [
              { address: 'module.w.data.aws_ami.this', type: 'aws_ami', values: image },
              {
                address: 'module.w.aws_launch_template.t',
                type: 'aws_launch_template',
                values: { image_id: 'ami-0a1b2c3d' },
              },
            ],
          },
        ],
      },
    },
  };
  const [raw, json] = [path.join(folder, 'terraform.tfstate'), path.join(folder, 'show.json')];
  await writeFile(raw, JSON.stringify(state));
  await writeFile(json, JSON.stringify(shown));
  const fromRaw = await readTerraformState(raw);
  expect(fromRaw.images).toMatchObject([{ id: 'ami-0a1b2c3d', name, createdAt: released }]);
  expect(fromRaw.used).toEqual([
    { id: 'ami-0a1b2c3d', by: 'aws_launch_template.this' },
    { id: 'ami-11111111', by: 'aws_instance.one' },
  ]);
  expect((await readTerraformState(json)).used).toEqual([{ id: 'ami-0a1b2c3d', by: 'module.w.aws_launch_template.t' }]);
});

test.each(['', '[]', '{"Images":{}}', 'null', '"x"', '{"resources":'])(
  '%j is refused, not read as empty',
  async (content) => {
    const file = path.join(await temporaryFolder(), 'file.json');
    await writeFile(file, content);
    await expect(readDescribedImages(file)).rejects.toMatchObject({ code: 'SPACECTL_BAD_DATA' });
    await expect(readTerraformState(file)).rejects.toMatchObject({ code: 'SPACECTL_BAD_DATA' });
  },
);
