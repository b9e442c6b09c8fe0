import { REFRESH_PREFERENCES } from '../cloud/aws/instance-refresh.ts';
import { block, type Item, reference } from '../format/hcl/hcl.ts';
import { use } from '../format/hcl/variables.ts';
import { launchTemplate, type Machine } from './launch-template.ts';
import { baseName, type EcsNames, REPLACED_TOGETHER } from './names.ts';
import { ECS_TAG } from './tags.ts';

/** The instances of a pool. */
export interface Instances extends Machine {
  readonly isRefreshed: boolean;
}

/** Returns the cluster, the Auto Scaling group of its instances and the capacity provider between the two. */
export function instances(names: EcsNames, given: Instances): readonly Item[] {
  return [
    'What belongs to a cluster is replaced together with it, when its name changes: the new cluster has its workers before\nthe old one is removed. AWS would not take a capacity provider away from a cluster whose tasks use it.',
    block(
      'resource',
      ['aws_ecs_cluster', 'workers'],
      { name: baseName(names) },
      block('lifecycle', [], REPLACED_TOGETHER),
    ),
    ...launchTemplate(names, given),
    group(names, given),
    ...capacityProvider(names),
  ];
}

function group(names: EcsNames, { isRefreshed, tags }: Instances): Item {
  const isReplica = names.strategy === 'replica';
  const tagged = Object.entries({ [ECS_TAG]: '', ...tags });
  return block(
    'resource',
    ['aws_autoscaling_group', 'workers'],
    {
      name_prefix: `${baseName(names)}-`,
      min_size: isReplica ? 0 : use('workers'),
      max_size: use('max_size'),
      vpc_zone_identifier: use('subnets'),
      protect_from_scale_in: isReplica ? true : undefined,
      // An instance that is being drained still has to reach ECS.
      depends_on: [reference('aws_iam_role_policy_attachment.instance')],
    },
    block('launch_template', [], {
      id: reference('aws_launch_template.workers.id'),
      version: reference('aws_launch_template.workers.latest_version'),
    }),
    ...(isRefreshed ? [instanceRefresh(isReplica)] : []),
    ...tagged.map(([key, value]) => block('tag', [], { key, value, propagate_at_launch: true })),
    block('lifecycle', [], REPLACED_TOGETHER),
  );
}

/** Returns the instance refresh. Without Refresh, it waits for instances that are protected from scale-in, and then fails. */
function instanceRefresh(isProtected: boolean): Item {
  const protection = isProtected ? { scale_in_protected_instances: 'Refresh' } : {};
  return block(
    'instance_refresh',
    [],
    { strategy: 'Rolling' },
    block('preferences', [], { ...REFRESH_PREFERENCES, ...protection }),
  );
}

/**
 * Returns the capacity provider. It drains each instance before it is terminated, for 48 hours at most (Amazon ECS Developer
 * Guide, "Safely stop Amazon ECS workloads running on EC2 instances"). For replicas it also adds an instance for a task that
 * has none, and keeps instances that have a task. A group has one provider (aws/containers-roadmap#632): it has the group's
 * name, which is new for each group.
 */
function capacityProvider({ strategy }: EcsNames): readonly Item[] {
  const scales = strategy === 'replica' ? 'ENABLED' : 'DISABLED';
  const scaling = { status: scales, ...(strategy === 'replica' && { target_capacity: 100 }) };
  return [
    block(
      'resource',
      ['aws_ecs_capacity_provider', 'workers'],
      { name: reference('aws_autoscaling_group.workers.name') },
      block(
        'auto_scaling_group_provider',
        [],
        {
          auto_scaling_group_arn: reference('aws_autoscaling_group.workers.arn'),
          managed_termination_protection: scales,
          managed_draining: 'ENABLED',
        },
        block('managed_scaling', [], scaling),
      ),
      block('lifecycle', [], REPLACED_TOGETHER),
    ),
    block(
      'resource',
      ['aws_ecs_cluster_capacity_providers', 'workers'],
      {
        cluster_name: reference('aws_ecs_cluster.workers.name'),
        capacity_providers: [reference('aws_ecs_capacity_provider.workers.name')],
      },
      block('lifecycle', [], REPLACED_TOGETHER),
    ),
  ];
}
