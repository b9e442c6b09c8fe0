import { expect, test } from 'vitest';
import { formatNext, nextOf } from '../../../commands/terminal/next.ts';
import { drawPicture } from '../../../commands/terminal/picture.ts';
import type { NextStep } from '../../../src/step/next.ts';
import { step } from '../../../src/step/step.ts';

const planned = (title: string, next: readonly (string | NextStep)[]) => ({
  step: step({ id: title, title, inputs: {}, plan: async () => ({ changes: [] }) }),
  plan: { changes: [], next },
});

test('a command is alone on its line and is not broken, however long it is; those for one purpose follow each other', () => {
  const long = `terraform ${'x'.repeat(200)} apply`;
  const plans = [planned('a', ['Do it', { text: 'Store', command: 'one' }, { text: 'Store', command: long }])];
  expect(formatNext(plans)).toEqual(['', 'Next:', '  1. Do it', '  2. Store:', '     one', `     ${long}`]);
});

test('what to do is grouped by what it is for, and what two want is said once', () => {
  const plans = [
    planned('the a', ['Same', 'One']),
    planned('the b', ['Same']),
    planned('the c', [{ text: 'Same', command: 'c' }]),
  ];
  expect(nextOf(plans)).toEqual([
    { title: 'the a', steps: [{ text: 'Same' }, { text: 'One' }] },
    { title: 'the c', steps: [{ text: 'Same', command: 'c' }] },
  ]);
  expect(formatNext(plans)).toEqual([
    '',
    'Next, for the a:',
    '  1. Same',
    '  2. One',
    '',
    'Next, for the c:',
    '  1. Same:',
    '     c',
  ]);
});

test('the way from the key to the container is on two lines, or one below the other where it is narrow', () => {
  const stops = [
    { name: 'key', what: 'spacelift.key', isThere: true },
    { name: 'pool', what: 'none', isThere: false },
  ];
  expect(drawPicture(stops, { columns: 80 })).toBe('  key           -> pool\n  spacelift.key    none\n');
  expect(drawPicture(stops, { columns: 22 })).toBe('  key   spacelift.key\n  pool  none\n');
});
