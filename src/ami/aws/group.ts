import {
  type AutoScalingGroup,
  allPages,
  connectToAutoScaling,
  type Ec2Connection,
  type LaunchTemplateSpecification,
} from '../../cloud-accounts/index.ts';
import { UserError } from '../../core/errors.ts';
import type { AwsOptions } from './images.ts';
import type { LaunchSource, LaunchUse, TemplateReference } from './launch-source.ts';
import { templateWords } from './launch-source.ts';

/**
 * Finds what an auto-scaling group runs, and what it would start next: a group at zero instances has only the latter.
 * @throws UserError `SPACECTL_BAD_INPUT` if the group does not exist; as requests to AWS do
 */
export async function usesOfGroup(
  name: string,
  ec2: Ec2Connection,
  options: AwsOptions,
): Promise<readonly LaunchUse[]> {
  const group = await describeGroup(name, ec2.region, options);
  const images = await imagesOfInstances(ec2, name);
  return [
    ...images.map((image) => ({ source: { image }, by: `instances of auto-scaling group ${name}` })),
    ...launchSourcesOf(group).map((source) => ({ source, by: `${sourceWords(source)}auto-scaling group ${name}` })),
  ];
}

/** Lists what a group starts instances from: its launch template or configuration, and those that overrides name. */
export function launchSourcesOf(group: AutoScalingGroup): readonly LaunchSource[] {
  const { LaunchConfigurationName: configuration, LaunchTemplate: own, MixedInstancesPolicy: policy } = group;
  const { LaunchTemplateSpecification: common, Overrides = [] } = policy?.LaunchTemplate ?? {};
  const templates = [own, common, ...Overrides.map(({ LaunchTemplateSpecification: each }) => each)];
  const images = Overrides.flatMap(({ ImageId: image }) => (image ? [{ image }] : []));
  return [
    ...(configuration ? [{ configuration }] : []),
    ...templates.flatMap((each) => (each ? [{ template: referenceTo(each) }] : [])),
    ...images,
  ];
}

/** Without a version, Auto Scaling takes the default one (API Reference, LaunchTemplateSpecification). */
function referenceTo(specification: LaunchTemplateSpecification): TemplateReference {
  const { LaunchTemplateId: id, LaunchTemplateName: name, Version: version = '$Default' } = specification;
  return { id, name, version };
}

function sourceWords(source: LaunchSource): string {
  if ('template' in source) return `${templateWords(source.template)} of `;
  return 'configuration' in source ? `launch configuration ${source.configuration} of ` : 'an override of ';
}

async function describeGroup(name: string, region: string, options: AwsOptions): Promise<AutoScalingGroup> {
  const scaling = await connectToAutoScaling(options);
  try {
    const { AutoScalingGroups: [group] = [] } = await scaling.describeGroups({ AutoScalingGroupNames: [name] });
    if (group) return group;
  } finally {
    scaling.close();
  }
  throw new UserError('SPACECTL_BAD_INPUT', `--auto-scaling-group: ${region} has no group named "${name}"`, {
    suggestions: [
      {
        text: 'List the names of its groups',
        command: `aws autoscaling describe-auto-scaling-groups --region ${region} --query 'AutoScalingGroups[].AutoScalingGroupName'`,
      },
      "Pass the group's --region",
    ],
  });
}

/** Lists the images of a group's instances, those of its warm pool included, which wait as stopped ones. */
async function imagesOfInstances(ec2: Ec2Connection, group: string): Promise<readonly string[]> {
  const Filters = [
    { Name: 'tag:aws:autoscaling:groupName', Values: [group] },
    { Name: 'instance-state-name', Values: ['pending', 'running', 'stopping', 'stopped'] },
  ];
  const reservations = await allPages(
    (next) => ec2.describeInstances({ Filters, ...next }),
    ({ Reservations }) => Reservations,
  );
  const instances = reservations.flatMap(({ Instances = [] }) => Instances);
  return [...new Set(instances.flatMap(({ ImageId }) => ImageId || []))];
}
