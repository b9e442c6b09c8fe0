import type { Part } from '../step/conversation.ts';
import { choices } from '../step/input.ts';
import type { Step } from '../step/step.ts';
import { ansible } from './ansible/step.ts';
import { cloudInit } from './cloud-init/step.ts';
import { docker } from './docker/step.ts';
import { ecs } from './ecs/step.ts';
import { systemd } from './systemd/step.ts';
import {
  ansibleTeardown,
  cloudInitTeardown,
  dockerTeardown,
  ecsTeardown,
  systemdTeardown,
  terraformTeardown,
} from './teardown/hosts.ts';
import type { Teardown } from './teardown/teardown.ts';
import { TERRAFORM_STEPS } from './terraform/clouds.ts';

/** Something that `spacectl` renders for hosts. */
export interface Target {
  readonly step: Step;
  /** What it is called where it is chosen. */
  readonly name: string;
  /** Which hosts it is for, in a few words. */
  readonly description: string;
  /** The command that renders it alone, as it follows `spacectl`. */
  readonly command: string;
  /** The folder or file that it writes into the pool's folder. */
  readonly writes: string;
  /** Whether it is a Terraform configuration, which can create the worker pool as well. */
  readonly isConfiguration: boolean;
  /** How its hosts are torn down. */
  readonly teardown: Teardown;
}

/** Everything that can be rendered for hosts, in the order in which it is offered. */
export const TARGETS = {
  systemd: {
    step: systemd,
    name: 'systemd unit and installer',
    description: 'For an existing Linux host',
    command: 'render systemd',
    writes: 'systemd',
    isConfiguration: false,
    teardown: systemdTeardown,
  },
  'cloud-init': {
    step: cloudInit,
    name: 'cloud-init document',
    description: 'For a virtual machine on its first boot',
    command: 'render cloud-init',
    writes: 'cloud-init.yaml',
    isConfiguration: false,
    teardown: cloudInitTeardown,
  },
  'terraform-aws': {
    step: TERRAFORM_STEPS.aws,
    name: 'Terraform for AWS',
    description: 'An Auto Scaling group on EC2',
    command: 'render terraform --cloud aws',
    writes: 'terraform-aws',
    isConfiguration: true,
    teardown: terraformTeardown,
  },
  'terraform-azure': {
    step: TERRAFORM_STEPS.azure,
    name: 'Terraform for Azure',
    description: 'A virtual machine scale set',
    command: 'render terraform --cloud azure',
    writes: 'terraform-azure',
    isConfiguration: true,
    teardown: terraformTeardown,
  },
  'terraform-gcp': {
    step: TERRAFORM_STEPS.gcp,
    name: 'Terraform for Google Cloud',
    description: 'A managed instance group',
    command: 'render terraform --cloud gcp',
    writes: 'terraform-gcp',
    isConfiguration: true,
    teardown: terraformTeardown,
  },
  ecs: {
    step: ecs,
    name: 'ECS on EC2',
    description: 'Terraform, and JSON for the AWS CLI',
    command: 'render ecs',
    writes: 'ecs',
    isConfiguration: true,
    teardown: ecsTeardown,
  },
  ansible: {
    step: ansible,
    name: 'Ansible role',
    description: 'For a fleet of existing hosts',
    command: 'render ansible',
    writes: 'ansible',
    isConfiguration: false,
    teardown: ansibleTeardown,
  },
  docker: {
    step: docker,
    name: 'Docker Compose file and run script',
    description: 'For a host without a systemd unit',
    command: 'render docker',
    writes: 'docker',
    isConfiguration: false,
    teardown: dockerTeardown,
  },
} as const satisfies Readonly<Record<string, Target>>;

export type TargetName = keyof typeof TARGETS;

const NAMES = Object.keys(TARGETS) as readonly TargetName[];

/** Any of the targets. The wizard offers what people mostly want to have at the end. */
export const target = choices({
  section: 'hosts',
  summary: 'What to render for the hosts',
  question: 'What do you want to have at the end?',
  choices: NAMES.map((value) => ({ value, name: TARGETS[value].name, description: TARGETS[value].description })),
  default: ['systemd'],
  presets: [
    { name: 'This machine as a worker', description: 'A systemd unit and its installer', values: ['systemd'] },
    { name: 'Hosts I have, as workers', description: 'An Ansible role', values: ['ansible'] },
    { name: 'Workers on AWS', description: 'Terraform: an Auto Scaling group on EC2', values: ['terraform-aws'] },
    { name: 'Workers on Azure', description: 'Terraform: a scale set', values: ['terraform-azure'] },
    { name: 'Workers on Google Cloud', description: 'Terraform: an instance group', values: ['terraform-gcp'] },
    { name: 'Workers on ECS', description: 'Terraform, and JSON for the AWS CLI', values: ['ecs'] },
    { name: 'Files only', description: 'Choose any number of targets, or none' },
  ],
});

/** One part of the conversation for each target, which takes part if the target was chosen. */
export const targetParts: readonly Part<{ readonly target: readonly TargetName[] }>[] = NAMES.map((name) => ({
  step: TARGETS[name].step,
  heading: TARGETS[name].name,
  when: ({ target: chosen }) => chosen.includes(name),
  dependsOn: ['target'],
}));

/** Tells whether a target is a Terraform configuration, which can create the worker pool as well. */
export function isConfiguration(name: TargetName): boolean {
  return TARGETS[name].isConfiguration;
}
