import { LAUNCHER_MOUNTS } from '../docker/launcher-container.ts';
import { block, expression, type Item, reference, type Value } from '../format/hcl/hcl.ts';
import { use } from '../format/hcl/variables.ts';
import type { EcsNames } from './names.ts';
import { containerDefinitions, cpuArchitecture } from './task-definition.ts';

/** Returns the task definition of the launcher, and the log group for its output. */
export function taskDefinition(
  { slug, arch }: EcsNames,
  settings: Readonly<Record<string, string>>,
  arns: { token: Value; key: Value },
): readonly Item[] {
  const containers = containerDefinitions<Value>({
    family: `spacelift-${slug}`,
    arch,
    settings,
    tokenSecret: arns.token,
    keySecret: arns.key,
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
        requires_compatibilities: ['EC2'],
        network_mode: 'bridge',
        execution_role_arn: reference('aws_iam_role.execution.arn'),
        container_definitions: expression`jsonencode(${containers as unknown as Value})`,
      },
      block('runtime_platform', [], { cpu_architecture: cpuArchitecture(arch), operating_system_family: 'LINUX' }),
      ...LAUNCHER_MOUNTS.map(({ name, path }) => block('volume', [], { name, host_path: path })),
    ),
  ];
}

/** Returns the service. Either strategy puts one launcher on an instance, because two would share its scratch space. */
export function service({ strategy }: EcsNames): readonly Item[] {
  const common = {
    name: 'launcher',
    cluster: reference('aws_ecs_cluster.workers.id'),
    task_definition: reference('aws_ecs_task_definition.workers.arn'),
  };
  if (strategy === 'daemon') {
    return [
      block('resource', ['aws_ecs_service', 'workers'], {
        ...common,
        launch_type: 'EC2',
        scheduling_strategy: 'DAEMON',
      }),
    ];
  }
  return [
    block(
      'resource',
      ['aws_ecs_service', 'workers'],
      {
        ...common,
        scheduling_strategy: 'REPLICA',
        desired_count: use('workers'),
        deployment_minimum_healthy_percent: 0,
        deployment_maximum_percent: 100,
      },
      block('capacity_provider_strategy', [], {
        capacity_provider: reference('aws_ecs_capacity_provider.workers.name'),
        weight: 1,
      }),
      block('placement_constraints', [], { type: 'distinctInstance' }),
    ),
  ];
}
