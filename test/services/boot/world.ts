import { readFile } from 'node:fs/promises';
import { createKeyring, machine, sha256 } from '../download-host.ts';

export type Cloud = 'aws' | 'azure' | 'gcp';

/** What fails besides what the world does not hold: the commands in `commands/` look for these names. `disk`:
 * /usr/local/sbin cannot be written. */
export type Fails = 'docker-daemon' | 'registry' | 'disk' | 'launcher';

/** What a machine finds around it. */
export interface World {
  readonly cloud: Cloud;
  /** By the name the cloud's command takes: a name or ARN, `VAULT/NAME`, `PROJECT/NAME`. */
  readonly secrets: Readonly<Record<string, string>>;
  /** Objects of the cloud's object store, by address. */
  readonly objects: Readonly<Record<string, string | Buffer>>;
  /** What curl gets, by URL; where there is a header, only with it. */
  readonly pages: Readonly<Record<string, { readonly body: string | Buffer; readonly header?: string }>>;
  readonly fails: readonly Fails[];
  /** How often the secret store refuses before it answers: a right given a moment ago takes a while to arrive. */
  readonly refusals?: number;
  /** The runner image's trust store. */
  readonly imageBundle: string | Buffer;
}

const SYSTEM = {
  ...{ curl: 'curl', docker: 'docker', systemctl: 'systemctl', sudo: 'sudo', sleep: 'sleep', uuidgen: 'uuidgen' },
  ...{ poweroff: 'poweroff', reboot: 'poweroff' },
};

const OWN: Readonly<Record<Cloud, Readonly<Record<string, string>>>> = {
  aws: { aws: 'aws', 'ec2-metadata': 'ec2-metadata', adduser: 'adduser', 'update-ca-trust': 'update' },
  azure: { az: 'az', 'apt-get': 'update', 'unattended-upgrade': 'update' },
  // No image is known to bring gcloud.
  gcp: {},
};

/** The commands that are stand-ins on a cloud's machines, and the file of `commands/` that each is. */
export function commandsOf(cloud: Cloud): Readonly<Record<string, string>> {
  return { ...SYSTEM, ...OWN[cloud] };
}

const AZURE = {
  compute: { name: 'workers_7', resourceId: '/subscriptions/1/x', vmScaleSetName: 'workers' },
};

const GCP = { id: '4711', name: 'worker-x', zone: 'projects/1/zones/z', 'machine-type': 'projects/1/machineTypes/m' };

/** The metadata service's pages, with the header that it requires. */
function metadataPages(cloud: Cloud): World['pages'] {
  if (cloud === 'aws') return {};
  if (cloud === 'azure') {
    const url = 'http://169.254.169.254/metadata/instance?api-version=2021-02-01';
    return { [url]: { body: JSON.stringify(AZURE), header: 'Metadata:true' } };
  }
  const place = 'http://metadata.google.internal/computeMetadata/v1/instance';
  const header = 'Metadata-Flavor: Google';
  const token = { body: JSON.stringify({ access_token: 'ya29.test', expires_in: 3599, token_type: 'Bearer' }), header };
  return {
    ...Object.fromEntries(Object.entries(GCP).map(([name, body]) => [`${place}/${name}`, { body, header }])),
    [`${place}/service-accounts/default/token`]: token,
  };
}

const KEY = 'https://keys.openpgp.org/vks/v1/by-fingerprint/175FD97AD2358EFE02832978E302FB5AA29D88F7';

/** The launcher stand-in, its checksum, and a signature that this test's key made; made once, for all boots. */
let signed: Promise<{ launcher: Buffer; sums: string; signature: Buffer; key: Buffer }> | undefined;

async function signLauncher() {
  const launcher = await readFile('test/services/boot/launcher.sh');
  const sums = `${sha256(launcher)}  spacelift-launcher\n`;
  const keyring = await createKeyring();
  const fingerprint = await keyring.makeKey('launcher@example.com');
  const [signature, key] = [await keyring.sign(sums, fingerprint), await keyring.exportKey(fingerprint)];
  return { launcher, sums, signature, key };
}

/** Everything that has to be there for a boot to go well, but for secrets and objects of its own. */
export async function createWorld(
  cloud: Cloud,
  {
    domain = 'spacelift.io',
    isFedRamp = false,
    ...own
  }: Partial<World> & { domain?: string; isFedRamp?: boolean } = {},
): Promise<World & { readonly launcher: Buffer }> {
  signed ??= signLauncher();
  const { launcher, sums, signature, key } = await signed;
  const url = `https://downloads.${domain}/spacelift-launcher${isFedRamp ? '-fedramp' : ''}-${machine.name}`;
  const downloads = { [url]: launcher, [`${url}_SHA256SUMS`]: sums, [`${url}_SHA256SUMS.sig`]: signature, [KEY]: key };
  const pages = Object.fromEntries(Object.entries(downloads).map(([name, body]) => [name, { body }]));
  return {
    cloud,
    secrets: {},
    objects: {},
    fails: [],
    imageBundle: '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n',
    ...own,
    pages: { ...pages, ...metadataPages(cloud), ...own.pages },
    launcher,
  };
}
