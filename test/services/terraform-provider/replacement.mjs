// Which attributes a resource cannot change: Terraform then replaces it. `ForceNew` in the schemas of the real provider
// (hashicorp/terraform-provider-aws, internal/service/ecs/{cluster,capacity_provider,cluster_capacity_providers}.go@0094628
// service.go@00a919d and task_definition.go@04fc21d; internal/service/{autoscaling,ec2,iam,logs,secretsmanager}), for what
// is rendered for ECS. Without `force_new_deployment`, any other capacity provider strategy replaces a service (service.go,
// capacityProviderStrategyCustomizeDiff).
import { bytes, number } from './protobuf.mjs';

const NAMED = ['name', 'name_prefix'];
const REPLACING = {
  aws_autoscaling_group: NAMED,
  aws_cloudwatch_log_group: NAMED,
  aws_ecs_capacity_provider: ['name', 'cluster', 'auto_scaling_group_provider.auto_scaling_group_arn'],
  aws_ecs_cluster: ['name'],
  aws_ecs_cluster_capacity_providers: ['cluster_name'],
  aws_ecs_service: ['capacity_provider_strategy', 'cluster', 'iam_role', 'launch_type', 'name', 'scheduling_strategy'],
  aws_ecs_task_definition: [
    ...['container_definitions', 'execution_role_arn', 'family', 'network_mode'],
    ...['requires_compatibilities', 'runtime_platform', 'volume'],
  ],
  aws_iam_instance_profile: NAMED,
  aws_iam_role: NAMED,
  aws_iam_role_policy: ['name', 'role'],
  aws_iam_role_policy_attachment: ['policy_arn', 'role'],
  aws_launch_template: NAMED,
  aws_secretsmanager_secret: NAMED,
  aws_secretsmanager_secret_version: ['secret_id'],
};

const step = (name) => bytes(1, bytes(1, name));
const first = bytes(1, number(3, 0));

/** Encodes an `AttributePath` of tfplugin5.proto: an attribute, or one of the only block of its kind. */
function encode(path) {
  const [outer, inner] = path.split('.');
  return Buffer.concat(inner === undefined ? [step(outer)] : [step(outer), first, step(inner)]);
}

function at(value, path) {
  const [outer, inner] = path.split('.');
  return inner === undefined ? value?.[outer] : value?.[outer]?.[0]?.[inner];
}

/** Returns the paths whose change replaces a resource, as the field of `PlanResourceChange` that holds them. */
export function replacing(field, type, prior, planned) {
  if (prior === null || planned === null) return [];
  const changed = (REPLACING[type] ?? []).filter((path) => {
    return JSON.stringify(at(prior, path) ?? null) !== JSON.stringify(at(planned, path) ?? null);
  });
  return changed.map((path) => bytes(field, encode(path)));
}
