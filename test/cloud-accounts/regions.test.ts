import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { AWS_REGIONS } from '../../src/cloud-accounts/index.ts';

const TABLE = 'node_modules/@aws-sdk/core/dist-es/submodules/client/util-endpoints/lib/aws/partitions.js';

test("The regions of AWS are those that the SDK knows: if this fails, the SDK's table is newer", async () => {
  const text = await readFile(TABLE, 'utf8');
  const { partitions } = JSON.parse(text.slice(text.indexOf('{'), text.lastIndexOf('}') + 1)) as {
    partitions: { regions: Record<string, { description: string }> }[];
  };
  const regions = partitions.flatMap(({ regions: all }) => Object.entries(all));
  // aws-global and its like are no places for instances.
  const places = regions.filter(([name]) => /-\d$/.test(name)).map(([name, { description }]) => [name, description]);
  expect(Object.entries(AWS_REGIONS)).toEqual(places);
});
