import path from 'node:path';
import { expect } from 'vitest';
import { ecs } from '../../../src/render/ecs/step.ts';
import { BOTOCORE, type EcsRequest, problemsOfRequests } from '../../services/ecs-model.ts';
import { testWith } from '../../services/programs.ts';
import { planPool, renderStep } from '../../services/render.ts';
import { planConfigurations } from '../../services/terraform-plan.ts';
import type { Attributes } from '../../services/terraform-state.ts';

const EVERYTHING = [
  ...['--stop-timeout', '7200', '--volume-size', '80', '--tag', 'team=a b', '--instance-refresh', '--session-manager'],
  ...['--spot', '--accept-spot-risk', '--kms-key-arn', 'arn:aws:kms:eu-west-1:123456789012:key/1234abcd'],
  ...['--permissions-boundary-arn', 'arn:aws:iam::123456789012:policy/boundary', '--arch', 'arm64'],
];

const CASES = {
  daemon: [],
  replica: ['--strategy', 'replica'],
  everything: ['--strategy', 'replica', ...EVERYTHING],
  daemon_everything: EVERYTHING,
} as const;

const blocks = (value: unknown) => (value ?? []) as readonly Attributes[];

/** The requests that the provider makes of what Terraform has (terraform-provider-aws, internal/service/ecs/service.go@00a919d). */
function requestsFor(resources: Readonly<Record<string, Attributes>>): readonly EcsRequest[] {
  const task = resources['aws_ecs_task_definition.workers'] ?? {};
  const service = resources['aws_ecs_service.workers'] ?? {};
  const provider = resources['aws_ecs_capacity_provider.workers'] ?? {};
  const [group = {}] = blocks(provider['auto_scaling_group_provider']);
  const [scaling = {}] = blocks(group['managed_scaling']);
  const [platform = {}] = blocks(task['runtime_platform']);
  const isReplica = service['scheduling_strategy'] === 'REPLICA';
  const percent = {
    minimumHealthyPercent: service['deployment_minimum_healthy_percent'],
    ...(isReplica && { maximumPercent: service['deployment_maximum_percent'] }),
  };
  return [
    {
      operation: 'RegisterTaskDefinition',
      params: {
        family: task['family'],
        networkMode: task['network_mode'],
        requiresCompatibilities: task['requires_compatibilities'],
        executionRoleArn: task['execution_role_arn'],
        runtimePlatform: {
          cpuArchitecture: platform['cpu_architecture'],
          operatingSystemFamily: platform['operating_system_family'],
        },
        volumes: blocks(task['volume']).map((each) => ({
          name: each['name'],
          host: { sourcePath: each['host_path'] },
        })),
        containerDefinitions: JSON.parse(String(task['container_definitions'])),
      },
    },
    {
      operation: 'CreateService',
      params: {
        serviceName: service['name'],
        cluster: service['cluster'],
        taskDefinition: service['task_definition'],
        schedulingStrategy: service['scheduling_strategy'],
        deploymentConfiguration: percent,
        ...(isReplica
          ? {
              desiredCount: service['desired_count'],
              availabilityZoneRebalancing: service['availability_zone_rebalancing'],
              capacityProviderStrategy: blocks(service['capacity_provider_strategy']).map((each) => ({
                capacityProvider: each['capacity_provider'],
                weight: each['weight'],
              })),
              placementConstraints: blocks(service['placement_constraints']).map(({ type }) => ({ type })),
            }
          : { launchType: service['launch_type'] }),
        ...(service['propagate_tags'] ? { propagateTags: service['propagate_tags'] } : {}),
      },
    },
    {
      operation: 'CreateCapacityProvider',
      params: {
        name: provider['name'],
        autoScalingGroupProvider: {
          autoScalingGroupArn: group['auto_scaling_group_arn'],
          managedTerminationProtection: group['managed_termination_protection'],
          managedDraining: group['managed_draining'],
          managedScaling: {
            status: scaling['status'],
            ...(scaling['target_capacity'] ? { targetCapacity: scaling['target_capacity'] } : {}),
          },
        },
      },
    },
  ];
}

testWith('terraform', BOTOCORE)(
  "AWS's own model of ECS accepts what is rendered, as Terraform and as JSON",
  async () => {
    const rendered = await Promise.all(
      Object.entries(CASES).map(async ([name, flags]) => [name, await renderStep(ecs, planPool(), flags)] as const),
    );
    const configurations = rendered.map(([name, texts]) => {
      const own = Object.entries(texts).map(([file, text]) => [path.relative('ecs', file), text]);
      return [name, { texts: Object.fromEntries(own) }] as const;
    });
    const applied = await planConfigurations(Object.fromEntries(configurations));
    const requests = [
      ...rendered.map(([, texts]): EcsRequest => {
        return { operation: 'RegisterTaskDefinition', params: JSON.parse(texts['ecs/task-definition.json'] ?? '') };
      }),
      ...Object.keys(CASES).flatMap((name) => requestsFor(applied.configurations[name]?.resources ?? {})),
    ];
    expect(requests).toHaveLength(16);
    const problems = await problemsOfRequests(requests);
    expect(problems.flat()).toEqual([]);
    expect(problems).toHaveLength(16);
    const serviceOf = (name: string) => requestsFor(applied.configurations[name]?.resources ?? {})[1]?.params;
    // One worker: as a daemon it stops first, as a replica its successor may start on another instance.
    expect(serviceOf('daemon')).toMatchObject({ deploymentConfiguration: { minimumHealthyPercent: 0 } });
    expect(serviceOf('replica')).toMatchObject({
      deploymentConfiguration: { minimumHealthyPercent: 50, maximumPercent: 200 },
      availabilityZoneRebalancing: 'DISABLED',
    });
    // What the Auto Scaling group starts has no tags but those of the launch template.
    const template = applied.configurations['everything']?.resources['aws_launch_template.workers'] ?? {};
    expect(blocks(template['tag_specifications']).map(({ resource_type: type }) => type)).toEqual([
      'instance',
      'volume',
      'network-interface',
    ]);
    const everything = requestsFor(applied.configurations['everything']?.resources ?? {})[0]?.params;
    expect(everything).toMatchObject({ containerDefinitions: [{ stopTimeout: 7200, versionConsistency: 'disabled' }] });
  },
);

const container = { name: 'launcher', image: 'x', stopTimeout: 60, versionConsistency: 'disabled' };
const task = { family: 'x', networkMode: 'bridge', containerDefinitions: [container] };

/** A document with a fault, and what the model says. */
const FAULTS: readonly (readonly [params: unknown, says: string])[] = [
  [{ ...task, containerDefinitions: [{ ...container, imag: 'x' }] }, '"imag"'],
  [{ ...task, containerDefinitions: [{ ...container, stopTimeout: '60' }] }, 'stopTimeout'],
  [{ ...task, containerDefinitions: [{ ...container, versionConsistency: 'off' }] }, 'off is none of'],
  [{ ...task, networkMode: 'bridg' }, 'bridg is none of'],
  [{ containerDefinitions: [] }, '"family"'],
];

testWith(BOTOCORE)('it refuses names, types and values that ECS does not have', async () => {
  const requests = [task, ...FAULTS.map(([params]) => params)].map(
    (params): EcsRequest => ({ operation: 'RegisterTaskDefinition', params }),
  );
  const [sound, ...problems] = await problemsOfRequests(requests);
  expect(sound).toEqual([]);
  for (const [index, [, says]] of FAULTS.entries()) expect(problems[index]?.join('\n')).toContain(says);
});
