import type { Shape } from '../shape.ts';

type Fields = Readonly<Record<string, Shape>>;

const BOOT_DATA: Shape = {
  limit: 'number',
  configuration: 'number',
  isEstimate: 'boolean',
  bytes: 'number',
  room: 'number',
};

const TERRAFORM: Shape = {
  folder: 'text',
  cloud: '"aws" | "azure" | "gcp"',
  module: { source: 'text', version: 'text', isVerified: 'boolean' },
  bootData: BOOT_DATA,
  missingVariables: ['text'],
};

/** The facts of the steps that render files for hosts, by the names of the steps. */
export const RENDERED = {
  systemd: { folder: 'text', hasSecrets: 'boolean' },
  cloudInit: {
    file: 'text',
    cloud: '"plain" | "ec2" | "azure" | "gcp" | "openstack"',
    hasSecrets: 'boolean',
    size: 'number',
    'limit?': 'number',
  },
  terraformAws: TERRAFORM,
  terraformAzure: TERRAFORM,
  terraformGcp: TERRAFORM,
  ecs: {
    folder: 'text',
    strategy: '"daemon" | "replica"',
    arch: 'text',
    bootData: { ...BOOT_DATA, isCompressed: 'boolean' },
    hasPlaceholders: 'boolean',
    missingVariables: ['text'],
  },
  ansible: { folder: 'text', hosts: ['text'], serial: 'text', hasVault: 'boolean' },
  docker: { folder: 'text', image: 'text', hasSecrets: 'boolean' },
} satisfies Fields;
