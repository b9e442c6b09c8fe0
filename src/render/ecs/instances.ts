import { BOOT_FILE } from '../cloud/boot-script.ts';
import { block, expression, type Item, reference, type Value } from '../format/hcl/hcl.ts';
import { use } from '../format/hcl/variables.ts';
import type { EcsNames } from './names.ts';

/** Returns the cluster and its Auto Scaling group. */
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
      'One hop: run containers cannot reach the credentials of the instance.',
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

/** Returns the user data of an instance: it joins the cluster, then runs configuration.sh. */
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

/** Returns the capacity provider: it adds an instance for a task that has none, and keeps instances that have a task. */
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
