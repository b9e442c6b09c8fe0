import { expect, test } from 'vitest';
import { lifecycleOf } from '../../src/ami/aws/lifecycle.ts';
import type { CheckedImage } from '../../src/ami/check-images.ts';
import { replacementCommands } from '../../src/ami/replacement.ts';
import { spacectl } from '../services/program.ts';

const now = new Date('2026-12-01T00:00:00Z');
const named = (name: string): CheckedImage => ({ name, usedBy: [], ...lifecycleOf({ name }, { now, warnDays: 30 }) });
const OLD = named('spacelift-1760000000-x86_64');
const NEW = named('spacelift-1796000000-arm64');
const GONE: CheckedImage = { ...named('spacelift-1600000000-arm64'), id: 'ami-00000000000000009' };

test.each([
  { images: [OLD], region: undefined, commands: ['spacectl ami latest --arch x86_64'] },
  { images: [OLD, OLD], region: 'eu-west-1', commands: ['spacectl ami latest --arch x86_64 --region eu-west-1'] },
  { images: [OLD, GONE], commands: ['spacectl ami latest --arch x86_64', 'spacectl ami latest --arch arm64'] },
  { images: [NEW], commands: [] },
  // Its date is not known: nothing says that it is old.
  { images: [named('golden')], commands: [] },
])('$images.length images in $region lead to $commands', ({ images, region, commands }) => {
  expect(replacementCommands(images, region)).toEqual(commands);
});

test('ami check of a name has a column for its removal, and the command that finds the newest', async () => {
  const { stdout } = await spacectl(['ami', 'check', 'spacelift-1760000000-x86_64', '--region', 'eu-west-1']);
  expect(stdout).toMatch(/Deprecated +Removed/);
  expect(stdout).toMatch(/2026-10-08 +2026-12-03/);
  expect(stdout).toContain('\n  spacectl ami latest --arch x86_64 --region eu-west-1');
});
