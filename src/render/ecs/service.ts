import { LAUNCHER_MOUNTS } from '../docker/launcher-container.ts';
import { block, expression, type Item, reference, type Value } from '../format/hcl/hcl.ts';
import { use } from '../format/hcl/variables.ts';
import { type EcsNames, REPLACED_TOGETHER } from './names.ts';
import { containerDefinitions, cpuArchitecture } from './task-definition.ts';

/** Returns the task definition of the launcher, and the log group for its output. */
export function taskDefinition(
  { slug, arch, launchType }: EcsNames,
  settings: Readonly<Record<string, string>>,
  { token, key }: { token: Value; key: Value },
  stopTimeout: number,
): readonly Item[] {
  const containers = containerDefinitions<Value>({
    family: `spacelift-${slug}`,
    arch,
    launchType,
    settings,
    stopTimeout,
    tokenSecret: token,
    keySecret: key,
    executionRole: null,
    logGroup: reference('aws_cloudwatch_log_group.workers.name'),
    region: use('region'),
  });
  return [
    block('resource', ['aws_cloudwatch_log_group', 'workers'], { name: `/spacelift/${slug}`, retention_in_days: 30 }),
    block(
      'resource',
      ['aws_ecs_task_definition', 'workers'],
      {
        family: `spacelift-${slug}`,
        requires_compatibilities: [launchType],
        network_mode: 'bridge',
        execution_role_arn: reference('aws_iam_role.execution.arn'),
        container_definitions: expression`jsonencode(${containers as unknown as Value})`,
      },
      block('runtime_platform', [], { cpu_architecture: cpuArchitecture(arch), operating_system_family: 'LINUX' }),
      ...LAUNCHER_MOUNTS.map(({ name, path }) => block('volume', [], { name, host_path: path })),
    ),
  ];
}

/**
 * How many launchers a deployment leaves running: half of them. A single launcher has to stop first, unless another instance
 * may be added for its successor: ECS rounds the minimum up, and would wait for ever. By default, a daemon's launchers all
 * stop at once.
 */
const MINIMUM = {
  daemon: reference('var.workers > 1 ? 50 : 0'),
  replica: reference('max(var.workers, var.max_size) > 1 ? 50 : 0'),
} as const;

/** What has to exist before tasks start, and until they have stopped. */
const NEEDED = [
  'aws_ecs_cluster_capacity_providers.workers',
  'aws_iam_role_policy.secrets',
  'aws_iam_role_policy_attachment.execution',
];

/**
 * Returns the service. Either strategy puts one launcher on an instance, because two would share its scratch space. Only
 * capacity providers that the cluster already has can be used, and a daemon takes none (aws/containers-roadmap#692).
 */
export function service({ launchType, strategy }: EcsNames, tags: Readonly<Record<string, string>>): readonly Item[] {
  const common = {
    name: 'launcher',
    cluster: reference('aws_ecs_cluster.workers.id'),
    task_definition: reference('aws_ecs_task_definition.workers.arn'),
    propagate_tags: Object.keys(tags).length > 0 ? 'SERVICE' : undefined,
    deployment_minimum_healthy_percent: MINIMUM[strategy],
    depends_on: NEEDED.map(reference),
  };
  const own = block('lifecycle', [], REPLACED_TOGETHER);
  if (strategy === 'daemon') {
    const daemon = { ...common, launch_type: launchType, scheduling_strategy: 'DAEMON' };
    return [block('resource', ['aws_ecs_service', 'workers'], daemon, own)];
  }
  return [
    block(
      'resource',
      ['aws_ecs_service', 'workers'],
      {
        ...common,
        scheduling_strategy: 'REPLICA',
        desired_count: use('workers'),
        deployment_maximum_percent: 200,
        // Otherwise ECS moves running launchers between zones, and stops their runs.
        availability_zone_rebalancing: 'DISABLED',
      },
      block('capacity_provider_strategy', [], {
        capacity_provider: reference('aws_ecs_capacity_provider.workers.name'),
        weight: 1,
      }),
      block('placement_constraints', [], { type: 'distinctInstance' }),
      own,
    ),
  ];
}
