import path from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { azureChoices, googleChoices } from '../../src/cloud-accounts/index.ts';
import type { Choice, Listing } from '../../src/step/input.ts';
import {
  AZ_ANSWERS,
  AZURE_SUBNET,
  type CloudAnswer,
  GCLOUD_ANSWERS,
  putCloudProgram,
} from '../services/cloud-program.ts';
import { temporaryFolder } from '../services/temporary.ts';

const signal = AbortSignal.timeout(60_000);
const google = {
  project: 'acme-build',
  region: 'europe-west1',
  zone: undefined,
  network: 'main',
};

async function put(name: 'az' | 'gcloud', answers: Readonly<Record<string, CloudAnswer>>) {
  const folder = await temporaryFolder();
  vi.stubEnv('PATH', `${folder}${path.delimiter}/nowhere`);
  return putCloudProgram(folder, name, answers);
}

async function choicesOf(found: Promise<readonly Choice[] | Listing>): Promise<readonly Choice[]> {
  const all = await found;
  return 'choices' in all ? all.choices : all;
}

beforeEach(() => vi.unstubAllEnvs());

test('What the Azure CLI lists is offered with its place, and names count in any case', async () => {
  const commands = await put('az', AZ_ANSWERS);
  const subnets = (await azureChoices.subnets({}, signal)) as Listing;
  expect(subnets.choices).toEqual([
    { value: `${AZURE_SUBNET}-2`, name: 'main/more, westeurope, 10.0.2.0/24', description: 'Resource group net' },
    { value: AZURE_SUBNET, name: 'main/workers, westeurope, 10.0.1.0/24', description: 'Resource group net' },
  ]);
  expect(subnets.lists?.(AZURE_SUBNET.replace('resourceGroups', 'resourcegroups'))).toBe(true);
  expect(subnets.lists?.('/subscriptions/x')).toBe(false);
  expect(await choicesOf(azureChoices.resourceGroups({}, signal))).toEqual([{ value: 'net', name: 'net, westeurope' }]);
  expect(await choicesOf(azureChoices.keyVaults({}, signal))).toEqual([
    { value: 'secrets', name: 'secrets, westeurope', description: 'Resource group net' },
  ]);
  expect(await commands()).toEqual(Object.keys(AZ_ANSWERS));
});

test("What gcloud lists is offered, and the command line's project is suggested", async () => {
  await put('gcloud', GCLOUD_ANSWERS);
  expect(await googleChoices.projects({}, signal)).toMatchObject({
    choices: [{ value: 'acme-build', name: 'acme-build, Acme build' }, { value: 'acme-test' }],
    suggested: 'acme-build',
  });
  expect(await choicesOf(googleChoices.regions(google, signal))).toEqual([
    { value: 'asia-east1' },
    { value: 'europe-west1' },
  ]);
  expect(await choicesOf(googleChoices.zones(google, signal))).toEqual([{ value: 'europe-west1-b' }]);
  const networks = (await googleChoices.networks(google, signal)) as Listing;
  expect(networks.choices).toEqual([{ value: 'default' }, { value: 'main', name: 'main, needs a subnetwork' }]);
  expect(networks.lists?.('projects/host/global/networks/shared')).toBe(true);
  expect(networks.lists?.('mian')).toBe(false);
  expect(await choicesOf(googleChoices.subnetworks(google, signal))).toEqual([
    { value: 'workers', name: 'workers, 10.0.0.0/24' },
  ]);
  expect(await choicesOf(googleChoices.machineTypes(google, signal))).toEqual([
    { value: 'e2-medium', name: 'e2-medium, 2 CPUs, 4 GB' },
    { value: 'f1-micro', name: 'f1-micro, 1 CPU, 0.6 GB' },
  ]);
});

const AZ_GROUPS = 'group list --output json --only-show-errors';

test.each<readonly [string, CloudAnswer, string]>([
  [
    'not logged in',
    { says: "WARNING: A new version is there\nERROR: Please run 'az login' to setup account." },
    "az group list failed: Please run 'az login' to setup account",
  ],
  ['control characters', { says: 'ERROR: \u001b]0;x\u0007bad\u001b[31m' }, 'az group list failed: ]0;x bad'],
  ['silent', { says: '' }, 'az group list failed: exit code 1'],
  ['no JSON', { prints: 'To sign in, use a web browser' }, 'it is not JSON'],
  ['another shape', { prints: { value: [] } }, 'az group list printed unexpected output: it'],
])('What goes wrong with the Azure CLI is one line: %s', async (_, answer, message) => {
  await put('az', { [AZ_GROUPS]: answer });
  await expect(azureChoices.resourceGroups({}, signal)).rejects.toMatchObject({
    code: 'SPACECTL_PROGRAM_FAILED',
    message: expect.stringContaining(message),
  });
});

test("gcloud's own name of the command is left out of its error", async () => {
  const says =
    'ERROR: (gcloud.compute.regions.list) You do not currently have an active account selected.\nPlease run:';
  await put('gcloud', { 'compute regions list --project acme-build --format=json --quiet': { says } });
  await expect(googleChoices.regions(google, signal)).rejects.toMatchObject({
    message:
      'gcloud compute regions list --project acme-build failed: You do not currently have an active account selected',
  });
});

test('A program that is not installed is named, and one that hangs is ended with the deadline', async () => {
  await put('az', { [AZ_GROUPS]: { hangs: true } });
  await expect(googleChoices.regions(google, signal)).rejects.toMatchObject({ code: 'SPACECTL_PROGRAM_MISSING' });
  await expect(azureChoices.resourceGroups({}, AbortSignal.timeout(500))).rejects.toThrow('Interrupted');
});

test('Offline and without what it depends on, no program is run', async () => {
  const commands = await put('gcloud', GCLOUD_ANSWERS);
  for (const lookUp of [...Object.values(azureChoices), ...Object.values(googleChoices)])
    expect(await lookUp({ ...google, offline: true } as never, signal)).toEqual([]);
  const nothing = { ...google, project: undefined, region: undefined };
  expect(await googleChoices.networks(nothing, signal)).toEqual([]);
  expect(await googleChoices.subnetworks(nothing, signal)).toEqual([]);
  expect(await googleChoices.machineTypes(nothing, signal)).toEqual([]);
  expect(await choicesOf(googleChoices.zones(nothing, signal))).toEqual([]);
  expect(await commands()).toEqual([]);
});
