import { expect, test } from 'vitest';
import { isCi } from '../../../commands/terminal/ci.ts';

test('CI=false and CI=0 are off, as is an empty variable; anything else is on', () => {
  const isOn = (value: string | undefined) => isCi(value === undefined ? {} : { CI: value });
  expect([undefined, '', 'false', 'FALSE', '0', 'no'].map(isOn)).toEqual([false, false, false, false, false, false]);
  expect(['true', '1', 'woodpecker'].map(isOn)).toEqual([true, true, true]);
});
