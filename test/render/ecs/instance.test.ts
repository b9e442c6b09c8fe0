import path from 'node:path';
import { expect } from 'vitest';
import { ecs } from '../../../src/render/ecs/step.ts';
import { BOOT_NEEDS, bootUserData } from '../../services/boot/boot.ts';
import { createWorld, type Fails } from '../../services/boot/world.ts';
import { testWith } from '../../services/programs.ts';
import { planPool, renderStep, withBundle } from '../../services/render.ts';
import { planConfigurations } from '../../services/terraform-plan.ts';

const withMachine = testWith(...BOOT_NEEDS, 'terraform');

/** The user data that Terraform makes of what is rendered, as cloud-init unpacks it; made once for all boots. */
let planned: Promise<string> | undefined;

async function plan(): Promise<string> {
  const texts = Object.entries(await renderStep(ecs, await withBundle(planPool()), ['--spot', '--accept-spot-risk']));
  const own = Object.fromEntries(texts.map(([name, text]) => [path.relative('ecs', name), text]));
  const { configurations } = await planConfigurations({ pool: { texts: own } });
  return configurations['pool']?.userData ?? '';
}

/** Boots an instance of ECS, whose agent starts when the user data has ended. */
async function boot(fails: readonly Fails[], edit = (userData: string) => userData) {
  planned ??= plan();
  return bootUserData(edit(await planned), await createWorld('aws', { fails }));
}

withMachine('an instance joins the cluster once it has built the CA bundle', async () => {
  const { ecsCluster, exitCode, poweredOff, calls } = await boot([]);
  expect({ ecsCluster, exitCode, poweredOff }).toEqual({
    ecsCluster: expect.stringMatching(/^spacelift-build-eu/),
    exitCode: 0,
    poweredOff: undefined,
  });
  expect(calls.filter((call) => call.startsWith('docker'))).toContainEqual(expect.stringContaining('docker cp'));
  // The agent starts after this script: to wait for it would be to wait for ever.
  expect(calls.filter((call) => /systemctl.* ecs/.test(call))).toEqual([]);
});

withMachine.each([
  ['the registry does not answer', 'registry'],
  ['Docker does not start', 'docker-daemon'],
  ['a file cannot be written', 'disk'],
] as const)('%s: the instance joins no cluster, not even the default one, and powers off', async (_, fails) => {
  const { ecsCluster, poweredOff } = await boot([fails]);
  expect({ ecsCluster, poweredOff }).toEqual({ ecsCluster: undefined, poweredOff: 'poweroff' });
});

withMachine('a script that ends early keeps the agent from starting; without the condition, it would not', async () => {
  const early = (userData: string) => userData.replace('\n# Everything else', '\nexit 0\n# Everything else');
  expect((await boot([], early)).ecsCluster).toBeUndefined();
  const open = (userData: string) => early(userData).replace(/^printf '\[Unit\].*$/m, '');
  expect((await boot([], open)).ecsCluster).toBe('default');
});
