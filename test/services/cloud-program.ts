import { chmod, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from './temporary.ts';

/** What a command answers: what it prints, or how it fails. */
export type CloudAnswer =
  | { readonly prints: unknown }
  | { readonly says: string; readonly exitCode?: number }
  | { readonly hangs: true };

/**
 * Puts a stand-in for a cloud's command line into a directory. It knows the commands that it is given, word by word, and
 * refuses all others.
 * @returns reads which commands were run, and whether prompts were off
 */
export async function putCloudProgram(
  folder: string,
  name: 'az' | 'gcloud',
  answers: Readonly<Record<string, CloudAnswer>>,
): Promise<() => Promise<readonly string[]>> {
  const file = path.join(folder, name);
  const log = `${file}.log`;
  await writeFile(log, '');
  await writeFile(
    file,
    `#!${process.execPath}
const { appendFileSync } = require('node:fs');
const command = process.argv.slice(2).join(' ');
appendFileSync(${JSON.stringify(log)}, command + '\\n');
const answer = ${JSON.stringify(answers)}[command] ?? { says: 'ERROR: unrecognized arguments: ' + command, exitCode: 2 };
if (answer.hangs) setInterval(() => {}, 1000);
else if ('says' in answer) { console.error(answer.says); process.exitCode = answer.exitCode ?? 1; }
else console.log(typeof answer.prints === 'string' ? answer.prints : JSON.stringify(answer.prints, null, 2));
`,
  );
  await chmod(file, 0o755);
  return async () => (await readFile(log, 'utf8')).split('\n').slice(0, -1);
}

/**
 * Makes a directory with stand-ins, each for one command, to be the `PATH`: real ones are not on it.
 * @param programs `undefined`: the program is not installed
 */
export async function pathWith(
  programs: Readonly<Partial<Record<'az' | 'gcloud', Readonly<Record<string, CloudAnswer>>>>>,
): Promise<string> {
  const folder = await temporaryFolder();
  if (programs.az) await putCloudProgram(folder, 'az', programs.az);
  if (programs.gcloud) await putCloudProgram(folder, 'gcloud', programs.gcloud);
  return folder;
}

/** The command that describes an image of Google Cloud, or the newest of a family (tried in `test/ami/gcloud.test.ts`). */
export function describeImage(project: string, name: string, verb: 'describe' | 'describe-from-family'): string {
  return `compute images ${verb} ${name} --project ${project} ${GCLOUD}`;
}

/**
 * The command that lists the versions of an image in Spacelift's gallery
 * (Azure/azure-cli, aaz/latest/sig/image_version/_list_community.py@1446a8d).
 */
export function listVersions(image: string): string {
  const gallery = 'spacelift-40913cda-9bf9-4bcb-bf90-78fd83f30079';
  const which = `--public-gallery-name ${gallery} --gallery-image-definition ${image} --location westeurope`;
  return `sig image-version list-community ${which} ${AZ}`;
}

const AZ = '--output json --only-show-errors';
const IN_GROUP = '/subscriptions/00000000-0000-0000-0000-000000000000/resourceGroups/net';
export const AZURE_SUBNET = `${IN_GROUP}/providers/Microsoft.Network/virtualNetworks/main/subnets/workers`;

/**
 * Answers of `az`, in the form that the CLI gives the answers of Azure Resource Manager: properties are lifted, and
 * `resourceGroup` is added. Bodies: Azure/azure-cli@0179277,
 * `src/azure-cli/azure/cli/command_modules/network/tests/hybrid_2018_03_01/recordings/test_network_vnet.yaml`. That
 * `keyvault list` lists HSMs too, without `--resource-type`: Azure/azure-cli issue 25933.
 */
export const AZ_ANSWERS: Readonly<Record<string, CloudAnswer>> = {
  [`network vnet list ${AZ}`]: {
    prints: [
      {
        addressSpace: { addressPrefixes: ['10.0.0.0/16'] },
        enableDdosProtection: false,
        id: `${IN_GROUP}/providers/Microsoft.Network/virtualNetworks/main`,
        location: 'westeurope',
        name: 'main',
        resourceGroup: 'net',
        subnets: [
          { addressPrefix: '10.0.1.0/24', id: AZURE_SUBNET, name: 'workers', resourceGroup: 'net' },
          // Newer versions of the API have several prefixes.
          { addressPrefixes: ['10.0.2.0/24'], id: `${AZURE_SUBNET}-2`, name: 'more', resourceGroup: 'net' },
        ],
        virtualNetworkPeerings: [],
      },
      { id: `${IN_GROUP}/x`, location: 'westeurope', name: 'empty', resourceGroup: 'net', subnets: null },
    ],
  },
  [`group list ${AZ}`]: {
    prints: [
      {
        id: IN_GROUP,
        location: 'westeurope',
        managedBy: null,
        name: 'net',
        properties: { provisioningState: 'Succeeded' },
        tags: {},
        type: 'Microsoft.Resources/resourceGroups',
      },
    ],
  },
  [`keyvault list --resource-type vault ${AZ}`]: {
    prints: [
      {
        id: `${IN_GROUP}/providers/Microsoft.KeyVault/vaults/secrets`,
        location: 'westeurope',
        name: 'secrets',
        resourceGroup: 'net',
        tags: {},
        type: 'Microsoft.KeyVault/vaults',
      },
    ],
  },
};

const GCLOUD = '--format=json --quiet';
const PROJECT = 'https://www.googleapis.com/compute/v1/projects/acme-build';

/**
 * Answers of `gcloud`, as version 528.0.0 printed them when it was pointed to a server on loopback
 * (`CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE`) with resources of the Compute Engine API v1.
 */
export const GCLOUD_ANSWERS: Readonly<Record<string, CloudAnswer>> = {
  [`config list core/project ${GCLOUD}`]: { prints: { core: { project: 'acme-build' } } },
  [`projects list ${GCLOUD}`]: {
    prints: [
      { lifecycleState: 'ACTIVE', name: 'Acme build', projectId: 'acme-build', projectNumber: '1' },
      { lifecycleState: 'ACTIVE', name: 'acme-test', projectId: 'acme-test', projectNumber: '2' },
    ],
  },
  [`compute regions list --project acme-build ${GCLOUD}`]: {
    prints: ['europe-west1', 'asia-east1'].map((name) => ({ id: '1', kind: 'compute#region', name, status: 'UP' })),
  },
  [`compute zones list --project acme-build ${GCLOUD}`]: {
    prints: [
      ['europe-west1-b', 'europe-west1'],
      ['asia-east1-a', 'asia-east1'],
    ].map(([name, region]) => ({ kind: 'compute#zone', name, region: `${PROJECT}/regions/${region}`, status: 'UP' })),
  },
  [`compute networks list --project acme-build ${GCLOUD}`]: {
    prints: [
      { autoCreateSubnetworks: false, kind: 'compute#network', name: 'main', x_gcloud_subnet_mode: 'CUSTOM' },
      { autoCreateSubnetworks: true, kind: 'compute#network', name: 'default', x_gcloud_subnet_mode: 'AUTO' },
    ],
  },
  [`compute networks subnets list --regions europe-west1 --project acme-build ${GCLOUD}`]: {
    prints: [
      ['workers', 'main'],
      ['other', 'default'],
    ].map(([name, network]) => ({
      ipCidrRange: '10.0.0.0/24',
      kind: 'compute#subnetwork',
      name,
      network: `${PROJECT}/global/networks/${network}`,
      region: `${PROJECT}/regions/europe-west1`,
    })),
  },
  [`compute machine-types list --zones europe-west1-b --project acme-build ${GCLOUD}`]: {
    prints: [
      { guestCpus: 1, kind: 'compute#machineType', memoryMb: 614, name: 'f1-micro', zone: 'europe-west1-b' },
      { guestCpus: 2, kind: 'compute#machineType', memoryMb: 4096, name: 'e2-medium', zone: 'europe-west1-b' },
    ],
  },
};
