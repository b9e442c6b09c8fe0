import { AZ, parseOutput } from '../../../src/cloud-accounts/ask-program.ts';
import { networks, subnetsIn } from '../../../src/cloud-accounts/azure/listings.ts';
import { machineTypesIn, resources } from '../../../src/cloud-accounts/google/listings.ts';
import type { Listing } from '../../../src/step/input.ts';
import { warningAbout } from '../../../src/step/look-up.ts';
import type { Target } from '../target.ts';

const SUBNET = { id: '/subscriptions/0/subnets/a', name: 'a', addressPrefix: '10.0.1.0/24', resourceGroup: 'net' };
const NETWORK = { id: '/n', location: 'westeurope', name: 'main', resourceGroup: 'net' };
const TYPE = { guestCpus: 2, memoryMb: 4096, name: 'e2-medium', zone: 'europe-west1-b' };

/** Does what a prompt does with a list. */
function use(listing: Listing): void {
  for (const { value } of listing.choices) warningAbout('name', [value, 'other'], listing);
}

/** What the clouds' own programs print. */
export const CLOUD_TARGETS: Readonly<Record<string, Target>> = {
  'az-networks': {
    kind: 'json',
    seeds: [
      JSON.stringify([
        { ...NETWORK, subnets: [SUBNET, { ...SUBNET, addressPrefix: null, addressPrefixes: ['10.0.2.0/24'] }] },
        { ...NETWORK, subnets: null },
      ]),
    ],
    parse: (stdout) => use(subnetsIn(parseOutput({ exitCode: 0, stdout, stderr: '' }, 'az', networks))),
  },
  'gcloud-machine-types': {
    kind: 'json',
    seeds: [JSON.stringify([TYPE])],
    parse: (stdout) => use(machineTypesIn(parseOutput({ exitCode: 0, stdout, stderr: '' }, 'gcloud', resources), 'z')),
  },
  'cloud-program-errors': {
    kind: 'text',
    seeds: [
      "WARNING: x\nERROR: Please run 'az login' to setup account.",
      'ERROR: (gcloud.compute.zones.list) Some requests did not succeed:\n - Required permission',
    ],
    isRefused: true,
    parse: (bytes) =>
      parseOutput({ exitCode: 1, stdout: Buffer.of(), stderr: bytes.toString('utf8') }, AZ.program, networks),
  },
};
