import { expect, test } from 'vitest';
import { azureInputs } from '../../../src/render/terraform/azure/inputs.ts';
import { ask } from '../../../src/step/ask.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const SUBNET =
  '/subscriptions/0/resourceGroups/net-rg/providers/Microsoft.Network/virtualNetworks/main/subnets/workers';

test.each([
  [[SUBNET], {}, 'net-rg'],
  [[SUBNET], { 'resource-group': ['workers'] }, 'workers'],
  [[], {}, undefined],
  [['/subscriptions/0/x/subnets/y'], {}, undefined],
] as const)('With the subnet %j and %j, the resource group is %s', async (subnet, more, group) => {
  const flags = { dir: [await temporaryFolder()], ...(subnet.length > 0 && { 'subnet-id': subnet }), ...more };
  const { values, offered } = await ask(azureInputs, { flags, environment: {}, answersFile: {} });
  expect(values['resource-group']).toBe(group);
  // On the review, it is a line of its own only where there is something to see.
  expect(offered.has('resource-group')).toBe(subnet[0] === SUBNET);
});
