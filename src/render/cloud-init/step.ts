import path from 'node:path';
import { BUNDLE_FILE } from '../../ca-bundle/index.ts';
import { UserError } from '../../core/errors.ts';
import { inThousands } from '../../core/words.ts';
import { expectsToken } from '../../pool-folder/index.ts';
import { choice, yesNo } from '../../step/input.ts';
import { step } from '../../step/step.ts';
import { hostInputs } from '../host/inputs.ts';
import { type SecretSource, storeSecrets, withoutSecrets } from '../host/secret-source.ts';
import { staleIn } from '../host/stale-files.ts';

const PACKED_FILE = 'cloud-init.yaml.gz';

const cloud = choice({
  summary: 'Where the document goes; its size is checked against the limit there',
  question: 'Which cloud will read the cloud-init document?',
  choices: [
    { value: 'plain', name: 'none in particular (no limit)' },
    { value: 'ec2', name: 'AWS EC2 (16 KiB)' },
    { value: 'azure', name: 'Azure (64 KiB)' },
    { value: 'gcp', name: 'Google Cloud (256 KiB)' },
    { value: 'openstack', name: 'OpenStack (64 KiB after base64)' },
  ],
  default: 'plain',
});

const embedSecrets = yesNo({
  summary: 'Put token and private key into the document; without it, they are placed on the host by other means',
  question: 'Put token and private key into the document?',
  description:
    'On many clouds every process on the machine can read user data. Without them, place secrets.env on the host yourself.',
  asked: expectsToken,
});

/** One `#cloud-config` document that installs Docker, drops the host files and runs their installer on the first boot. */
export const cloudInit = step({
  id: 'cloudInit',
  title: 'the cloud-init document',
  inputs: { ...hostInputs, cloud, 'embed-secrets': embedSecrets },
  async plan({ cloud: target, 'embed-secrets': embed, ...values }, planner) {
    const { renderHostFiles } = await import('../host/host-files.ts');
    const { CLOUDS, fitting, pack, renderCloudConfig } = await import('./document.ts');
    refuseTwoPlaces(embed, values['secrets-from'] !== undefined);
    const isKnownCloud = target === 'ec2' || target === 'azure' || target === 'gcp';
    const instanceMetadata = isKnownCloud ? target : 'none';
    const rendered = await renderHostFiles(values, planner, { caStrategy: 'host', instanceMetadata });
    const { files, secrets } = rendered;
    const hasSecrets = embed && secrets !== undefined;
    const embedded = hasSecrets ? [...files, secrets] : files;
    const isSecret = embedded.some((each) => each.isSecret);
    const plain = await renderCloudConfig(embedded, rendered.conditions);
    const { isPackable, limit } = CLOUDS[target];
    const isInline = embedded.some(({ name }) => name === BUNDLE_FILE);
    const document = await fitting(isPackable ? await pack(plain) : plain, target, waysOut(isInline, hasSecrets));
    const readable = path.join(values.dir, 'cloud-init.yaml');
    const file = isPackable ? path.join(values.dir, PACKED_FILE) : readable;
    const mode = isSecret ? 0o600 : 0o644;
    const isOurs = (bytes: Uint8Array) => Buffer.from(bytes).includes('Rendered by spacectl');
    const isPacked = (bytes: Uint8Array) => bytes[0] === 0x1f && bytes[1] === 0x8b;
    const changes = [
      await planner.file({ path: readable, content: isPackable ? plain : document, mode, isSecret, replace: isOurs }),
      ...(isPackable ? [await planner.file({ path: file, content: document, mode, isSecret, replace: isPacked })] : []),
      ...(!embed && secrets
        ? [await planner.file({ ...secrets, path: path.join(values.dir, secrets.name), replace: isOurs })]
        : []),
    ];
    const size = document.isKnown ? (await document.bytes()).length : undefined;
    const room = Number.isFinite(limit) ? ` of the ${inThousands(limit)} that ${target} takes` : '';
    return {
      changes,
      notes: size === undefined ? [] : [`User data: ${file} has ${inThousands(size)} bytes${room}`],
      warnings: [
        ...rendered.warnings,
        ...(embed && !secrets ? ['There is no token yet: the document has no secrets in it'] : []),
        ...(!embed && !secrets ? [withoutSecrets(values.dir)] : []),
        ...(isSecret
          ? [
              `${file} holds ${hasSecrets ? 'the private key' : 'a password'}: on many clouds every process on the host can read user data`,
            ]
          : []),
        ...(isPackable ? [] : await staleIn(values.dir, [], (bytes, name) => name === PACKED_FILE && isPacked(bytes))),
      ],
      next: [
        `Start a machine with ${file} as its user data${isPackable ? ' (compressed; readable: cloud-init.yaml)' : ''}`,
        ...(embed || !secrets ? [] : [howSecretsArrive(values.dir, values['secrets-from'])]),
      ],
      facts: {
        file: path.resolve(file),
        cloud: target,
        hasSecrets,
        ...(size !== undefined && { size }),
        ...(Number.isFinite(limit) && { limit }),
      },
    };
  },
});

function refuseTwoPlaces(isEmbedded: boolean, isFetched: boolean): void {
  if (!isEmbedded || !isFetched) return;
  throw new UserError('SPACECTL_BAD_INPUT', '--embed-secrets and --secrets-from say opposite things; give one');
}

function howSecretsArrive(dir: string, source: SecretSource | undefined): string {
  if (!source) {
    return `Place ${path.join(dir, 'secrets.env')} on the host as /etc/spacelift/secrets.env (root, mode 0600), then: systemctl start spacelift-launcher`;
  }
  return storeSecrets(dir, source);
}

function waysOut(isInline: boolean, hasSecrets: boolean): readonly string[] {
  return [
    ...(isInline
      ? ['--ca-strategy host: only your own certificates are shipped, and the host builds the bundle']
      : ['Give fewer certificates: the roots, not what they have signed']),
    ...(hasSecrets ? ['--secrets-from: the host fetches the secrets itself'] : []),
    'Put the files into the machine image: spacectl render systemd',
  ];
}
