import path from 'node:path';
import { expectsToken } from '../spacelift/index.ts';
import { choice, yesNo } from '../step/input.ts';
import { step } from '../step/step.ts';
import { hostInputs } from './inputs.ts';

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

/** One `#cloud-config` document that drops the host files and runs their installer on the first boot. */
export const cloudInit = step({
  id: 'cloudInit',
  title: 'the cloud-init document',
  inputs: { ...hostInputs, cloud, 'embed-secrets': embedSecrets },
  async plan({ cloud: target, 'embed-secrets': embed, ...values }, planner) {
    const { renderHostFiles } = await import('./host-files.ts');
    const { renderCloudConfig } = await import('./cloud-init.ts');
    const { files, secrets } = await renderHostFiles(values, planner);
    const embedded = embed && secrets ? [...files, secrets] : files;
    const document = await renderCloudConfig(embedded, target);
    const isSecret = embedded !== files;
    const file = path.join(values.dir, 'cloud-init.yaml');
    const isOurs = (bytes: Uint8Array) => Buffer.from(bytes).includes('Rendered by spacectl');
    const changes = [
      await planner.file({ path: file, content: document, mode: isSecret ? 0o600 : 0o644, isSecret, replace: isOurs }),
    ];
    if (!embed && secrets) {
      changes.push(await planner.file({ ...secrets, path: path.join(values.dir, secrets.name), replace: isOurs }));
    }
    const place = `Place ${path.join(values.dir, 'secrets.env')} on the host as /etc/spacelift/secrets.env (root, mode 0600), then: systemctl start spacelift-launcher`;
    return {
      changes,
      warnings: [
        ...(embed && !secrets ? ['There is no token yet: the document has no secrets in it'] : []),
        ...(isSecret
          ? [`${file} holds the private key: on many clouds every process on the host can read user data`]
          : []),
      ],
      next: [`Start a machine that has Docker with ${file} as its user data`, ...(isSecret || !secrets ? [] : [place])],
      facts: { file: path.resolve(file), cloud: target, hasSecrets: isSecret },
    };
  },
});
