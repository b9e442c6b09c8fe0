import path from 'node:path';
import { BUNDLE_FILE } from '../../ca-bundle/index.ts';
import { compressionOf } from '../../core/compression.ts';
import { UserError } from '../../core/errors.ts';
import type { Advice } from '../../core/suggestion.ts';
import { formatCount } from '../../core/text.ts';
import { expectsToken, hasMark, stepsToToken } from '../../pool-folder/index.ts';
import { choice, yesNo } from '../../step/input.ts';
import type { NextStep } from '../../step/next.ts';
import { rule } from '../../step/rule.ts';
import { step } from '../../step/step.ts';
import { hostRules } from '../host/check-answers.ts';
import { hostInputs } from '../host/inputs.ts';
import { type SecretSource, storeSecrets, withoutSecrets } from '../host/secret-source.ts';
import { staleIn } from '../host/stale-files.ts';

const PACKED_FILE = 'cloud-init.yaml.gz';

const cloud = choice({
  // SPACECTL_CLOUD is the cloud of a Terraform configuration.
  variable: 'cloud-init-cloud',
  summary: 'Cloud that reads the document; its limit on the size of user data is checked',
  question: 'Which cloud will read the cloud-init document?',
  choices: [
    { value: 'plain', name: 'any (no limit)' },
    { value: 'ec2', name: 'AWS EC2 (16 KiB)' },
    { value: 'azure', name: 'Azure (64 KiB)' },
    { value: 'gcp', name: 'Google Cloud (256 KiB)' },
    { value: 'openstack', name: 'OpenStack (64 KiB after base64)' },
  ],
  default: 'plain',
});

const embedSecrets = yesNo({
  summary: 'Put the token and the private key into the document; otherwise put them on the host by other means',
  question: 'Put the token and the private key into the document?',
  description:
    'On many clouds every process on the machine can read user data. Without them, put secrets.env on the host yourself.',
  asked: expectsToken,
});

const onFailure = choice({
  summary:
    'What a machine does if its first boot does not make it a worker. none: it stays up, with cloud-init in status error; poweroff: it also powers off after a minute, for groups that replace instances that stop',
  asked: false,
  choices: [{ value: 'none' }, { value: 'poweroff' }],
  default: 'none',
});

/** Secrets are in the document, or fetched. */
const onePlace = rule(
  ['secrets-from', 'embed-secrets'],
  (values: { readonly 'embed-secrets': boolean; readonly 'secrets-from': SecretSource | undefined }) => {
    if (!values['embed-secrets'] || values['secrets-from'] === undefined) return;
    throw new UserError('SPACECTL_BAD_INPUT', '--embed-secrets and --secrets-from conflict: pass only one');
  },
);

/** Renders one `#cloud-config` document that installs Docker, writes the host's files and runs their installer on first boot. */
export const cloudInit = step({
  id: 'cloudInit',
  section: 'cloud-init',
  title: 'the cloud-init document',
  canForce: true,
  inputs: { ...hostInputs, cloud, 'embed-secrets': embedSecrets, 'on-failure': onFailure },
  rules: [onePlace, ...hostRules],
  async plan({ cloud: target, 'embed-secrets': embed, 'on-failure': action, ...values }, planner) {
    const { renderHostFiles } = await import('../host/host-files.ts');
    const { embeddedSecrets } = await import('./embedded-secrets.ts');
    const { CLOUDS, pack, refuseTooLarge, renderCloudConfig } = await import('./document.ts');
    onePlace.check({ 'embed-secrets': embed, 'secrets-from': values['secrets-from'] });
    const isKnownCloud = target === 'ec2' || target === 'azure' || target === 'gcp';
    const instanceMetadata = isKnownCloud ? target : 'none';
    const rendered = await renderHostFiles(values, planner, { caStrategy: 'host', instanceMetadata });
    const { files, secrets } = rendered;
    const hasSecrets = embed && secrets !== undefined;
    const embedded = hasSecrets ? [...files, ...(await embeddedSecrets(secrets))] : files;
    const isSecret = embedded.some((each) => each.isSecret);
    const plain = await renderCloudConfig(embedded, {
      ...rendered.conditions,
      embedded: hasSecrets,
      poweroff: action === 'poweroff',
    });
    const { isPackable, limit } = CLOUDS[target];
    const isInline = embedded.some(({ name }) => name === BUNDLE_FILE);
    const document = await refuseTooLarge(
      isPackable ? await pack(plain) : plain,
      target,
      suggestionsFor(isInline, hasSecrets),
    );
    const readable = path.join(values.dir, 'cloud-init.yaml');
    const file = isPackable ? path.join(values.dir, PACKED_FILE) : readable;
    const mode = isSecret ? 0o600 : 0o644;
    const isPacked = (bytes: Uint8Array) => compressionOf(bytes) === 'gzip';
    const changes = [
      await planner.file({ path: readable, content: isPackable ? plain : document, mode, isSecret, replace: hasMark }),
      ...(isPackable ? [await planner.file({ path: file, content: document, mode, isSecret, replace: isPacked })] : []),
      ...(!embed && secrets
        ? [await planner.file({ ...secrets, path: path.join(values.dir, secrets.name), replace: hasMark })]
        : []),
    ];
    const size = document.isKnown ? (await document.bytes()).length : undefined;
    const room = Number.isFinite(limit) ? ` of at most ${formatCount(limit)} on ${target}` : '';
    const forSecrets = embed || !secrets ? [] : [nextForSecrets(values.dir, values['secrets-from'])];
    return {
      changes,
      notes: size === undefined ? [] : [`User data: ${file} has ${formatCount(size)} bytes${room}`],
      warnings: [
        ...rendered.warnings,
        ...(embed && !secrets ? ['No pool token yet: the document has no secrets'] : []),
        ...(!embed && !secrets ? [withoutSecrets(values.dir)] : []),
        ...(isSecret
          ? [
              `${file} holds ${hasSecrets ? 'the private key' : 'a password'}. On many clouds every process on the host can read user data`,
            ]
          : []),
        ...(isPackable ? [] : await staleIn(values.dir, [], (bytes, name) => name === PACKED_FILE && isPacked(bytes))),
      ],
      next:
        secrets || values['secrets-from']
          ? [
              // The first boot fetches the secrets; a file can only be placed on a machine that runs.
              ...(values['secrets-from'] ? forSecrets : []),
              `Start a machine with ${file} as its user data${isPackable ? ' (compressed; readable: cloud-init.yaml)' : ''}`,
              ...(values['secrets-from'] ? [] : forSecrets),
            ]
          : await stepsToToken(values.dir, planner),
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

function nextForSecrets(dir: string, source: SecretSource | undefined): string | NextStep {
  if (!source) {
    return {
      text: `Copy ${path.join(dir, 'secrets.env')} to the host as /etc/spacelift/secrets.env (root, mode 0600), and run there as root`,
      command: 'systemctl start spacelift-launcher',
    };
  }
  return storeSecrets(dir, source);
}

/** Suggests how to make a document smaller. */
function suggestionsFor(isInline: boolean, hasSecrets: boolean): readonly Advice[] {
  return [
    ...(isInline
      ? ['Ship only your own certificates, and let the host build the bundle: --ca-strategy host']
      : ['Pass fewer certificates: only the roots, not those that they signed']),
    ...(hasSecrets ? ['Let the host fetch the secrets: --secrets-from'] : []),
    { text: 'Put the files into the machine image instead', command: 'spacectl render systemd' },
  ];
}
