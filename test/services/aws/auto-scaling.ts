import type { Account, StoredGroup, TemplateOfGroup } from './account.ts';
import { element, elements, listIn } from './answer.ts';

/**
 * Auto Scaling's actions, version 2011-01-01 (boto/botocore 1.43.11,
 * botocore/data/autoscaling/2011-01-01/service-2.json). A group that does not exist is left out of the answer: the model
 * has no error for it.
 */
export const AUTO_SCALING_ACTIONS: Readonly<Record<string, (query: URLSearchParams, account: Account) => string>> = {
  DescribeAutoScalingGroups(query, { groups = [] }) {
    const wanted = listIn(query, 'AutoScalingGroupNames');
    const found = groups.filter(({ name }) => wanted.length === 0 || wanted.includes(name));
    return elements('AutoScalingGroups', ...found.map(describeGroup));
  },
  DescribeLaunchConfigurations(query, { configurations = {} }) {
    const wanted = listIn(query, 'LaunchConfigurationNames');
    const found = Object.entries(configurations).filter(([name]) => wanted.includes(name));
    const items = found.map(([name, image]) =>
      elements('member', element('LaunchConfigurationName', name), element('ImageId', image)),
    );
    return elements('LaunchConfigurations', ...items);
  },
};

function describeGroup({ name, runs = [], template, configuration, mixed }: StoredGroup): string {
  const instances = runs.map((_image, index) =>
    elements('member', element('InstanceId', `i-0000000000000000${index}`), element('LifecycleState', 'InService')),
  );
  return elements(
    'member',
    element('AutoScalingGroupName', name),
    element('MinSize', 0),
    element('MaxSize', 5),
    element('DesiredCapacity', runs.length),
    element('LaunchConfigurationName', configuration),
    template ? describeTemplate('LaunchTemplate', template) : '',
    mixed ? describePolicy(mixed) : '',
    elements('Instances', ...instances),
  );
}

function describePolicy({ template, overrides }: NonNullable<StoredGroup['mixed']>): string {
  const items = overrides.map((each, index) =>
    elements(
      'member',
      element('InstanceType', `m${index + 5}.large`),
      each.template ? describeTemplate('LaunchTemplateSpecification', each.template) : '',
      element('ImageId', each.image),
    ),
  );
  const common = describeTemplate('LaunchTemplateSpecification', template);
  return elements('MixedInstancesPolicy', elements('LaunchTemplate', common, elements('Overrides', ...items)));
}

function describeTemplate(as: string, { id, name, version }: TemplateOfGroup): string {
  const fields = [element('LaunchTemplateId', id), element('LaunchTemplateName', name), element('Version', version)];
  return elements(as, ...fields);
}
