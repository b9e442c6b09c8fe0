import { block, expression, type Item, reference, type Value } from '../hcl.ts';
import { BOOT_FILE } from '../terraform/plan.ts';
import { use } from '../terraform/variables.ts';
import { containerDefinitions, cpuArchitecture, volumes } from './task-definition.ts';

/** What the resources of one pool have in common. */
export interface EcsNames {
  readonly slug: string;
  readonly arch: 'x86_64' | 'arm64';
  readonly strategy: 'daemon' | 'replica';
}

const assumedBy = (service: string): Value =>
  expression`jsonencode(${{
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Principal: { Service: service }, Action: 'sts:AssumeRole' }],
  }})`;

/** The role that starts tasks and reads exactly two secrets, and the role of the instances. */
export function roles({ slug }: EcsNames, { token, key }: { token: Value; key: Value }): readonly Item[] {
  const attach = (name: string, role: string, policy: string) =>
    block('resource', ['aws_iam_role_policy_attachment', name], {
      role: reference(`aws_iam_role.${role}.name`),
      policy_arn: expression`"arn:\${data.aws_partition.current.partition}:iam::aws:policy/service-role/${reference(policy)}"`,
    });
  const mayRead = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Allow', Action: 'secretsmanager:GetSecretValue', Resource: [token, key] }],
  };
  return [
    block('data', ['aws_partition', 'current']),
    'Starts tasks, and reads the two secrets for them: the launcher itself has no role.',
    block('resource', ['aws_iam_role', 'execution'], {
      name_prefix: prefixFor(slug, 'task'),
      assume_role_policy: assumedBy('ecs-tasks.amazonaws.com'),
    }),
    attach('execution', 'execution', 'AmazonECSTaskExecutionRolePolicy'),
    block('resource', ['aws_iam_role_policy', 'secrets'], {
      name: 'read-secrets',
      role: reference('aws_iam_role.execution.id'),
      policy: expression`jsonencode(${mayRead})`,
    }),
    block('resource', ['aws_iam_role', 'instance'], {
      name_prefix: prefixFor(slug, 'ec2'),
      assume_role_policy: assumedBy('ec2.amazonaws.com'),
    }),
    attach('instance', 'instance', 'AmazonEC2ContainerServiceforEC2Role'),
    block('resource', ['aws_iam_instance_profile', 'instance'], {
      name_prefix: prefixFor(slug, 'ec2'),
      role: reference('aws_iam_role.instance.name'),
    }),
  ];
}

/** Prefixes of role names end at 38 characters. */
function prefixFor(slug: string, what: string): string {
  return `${`spacelift-${what}-${slug}`.slice(0, 37)}-`;
}

/** The cluster and the auto-scaling group under it. */
export function instances({ slug, strategy }: EcsNames): readonly Item[] {
  const isReplica = strategy === 'replica';
  return [
    block('resource', ['aws_ecs_cluster', 'workers'], { name: `spacelift-${slug}` }),
    block('data', ['aws_ssm_parameter', 'image'], { name: use('image_parameter') }),
    block(
      'resource',
      ['aws_launch_template', 'workers'],
      {
        name_prefix: `spacelift-${slug}-`,
        image_id: reference('nonsensitive(data.aws_ssm_parameter.image.value)'),
        instance_type: use('instance_type'),
        vpc_security_group_ids: use('security_groups'),
        update_default_version: true,
        user_data: userData(),
      },
      block('iam_instance_profile', [], { arn: reference('aws_iam_instance_profile.instance.arn') }),
      'One hop: containers of runs do not reach the credentials of the instance.',
      block('metadata_options', [], { http_tokens: 'required', http_put_response_hop_limit: 1 }),
    ),
    block(
      'resource',
      ['aws_autoscaling_group', 'workers'],
      {
        name_prefix: `spacelift-${slug}-`,
        min_size: isReplica ? 0 : use('workers'),
        max_size: use('max_size'),
        vpc_zone_identifier: use('subnets'),
        protect_from_scale_in: isReplica ? true : undefined,
      },
      block('launch_template', [], {
        id: reference('aws_launch_template.workers.id'),
        version: reference('aws_launch_template.workers.latest_version'),
      }),
      block('tag', [], { key: 'AmazonECSManaged', value: '', propagate_at_launch: true }),
    ),
    ...(isReplica ? capacityProvider(slug) : []),
  ];
}

/** The user data of an instance: it joins the cluster, then does what configuration.sh says. */
function userData(): Value {
  const lines = [
    '#!/bin/bash',
    'set -e',
    expression`"echo ECS_CLUSTER=\${aws_ecs_cluster.workers.name} >>/etc/ecs/ecs.config"`,
    'mkdir -p /opt/spacelift',
    expression`file("\${path.module}/${reference(BOOT_FILE)}")`,
  ];
  return expression`base64encode(join("\\n", ${lines}))`;
}

/** Adds an instance for a task that finds none, and takes away none that has one. */
function capacityProvider(slug: string): readonly Item[] {
  return [
    block(
      'resource',
      ['aws_ecs_capacity_provider', 'workers'],
      { name: `spacelift-${slug}` },
      block(
        'auto_scaling_group_provider',
        [],
        {
          auto_scaling_group_arn: reference('aws_autoscaling_group.workers.arn'),
          managed_termination_protection: 'ENABLED',
        },
        block('managed_scaling', [], { status: 'ENABLED', target_capacity: 100 }),
      ),
    ),
    block('resource', ['aws_ecs_cluster_capacity_providers', 'workers'], {
      cluster_name: reference('aws_ecs_cluster.workers.name'),
      capacity_providers: [reference('aws_ecs_capacity_provider.workers.name')],
    }),
  ];
}

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
      ...volumes().map(({ name, path }) => block('volume', [], { name, host_path: path })),
    ),
  ];
}

/** One launcher on each instance, whichever way they are counted: two would share the scratch space. */
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
