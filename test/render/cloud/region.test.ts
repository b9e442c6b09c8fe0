import { expect, test } from 'vitest';
import { regionWarnings } from '../../../src/render/cloud/aws/region.ts';

test.each([
  [undefined, []],
  ['eu-west-1', []],
  ['us-gov-west-1', []],
  ['eu-wets-1', ['region: AWS does not list eu-wets-1; did you mean eu-west-1?']],
  ['mars-1', ['region: AWS does not list mars-1']],
])('Of the region %s is said %j, without asking AWS', (region, warnings) => {
  expect(regionWarnings(region)).toEqual(warnings);
});
