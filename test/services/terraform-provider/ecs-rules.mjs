// What ECS refuses, for PROVIDER_RULES=ecs. It knows what exists from the file of changes (PROVIDER_LOG). Sources:
//   model  AWS's API model (botocore 1.43.11, ecs 2014-11-13): PutClusterCapacityProviders, DeleteCapacityProvider,
//          DeleteCluster, CreateService, ResourceInUseException
//   #632   aws/containers-roadmap issue 632: an Auto Scaling group has one capacity provider
//   #692   aws/containers-roadmap issue 692: a daemon takes no capacity provider strategy
//   #14393 hashicorp/terraform-provider-aws issue 14393: names of capacity providers are taken, and one that is still
//          associated cannot be deleted
// Where the real provider tries again for ten minutes (cluster_capacity_providers.go@0619e62), this one fails at once.
// PROVIDER_RUNS=go-on: tasks of a service that was deleted are still stopping (model: a service is INACTIVE once its tasks
// are STOPPING, and an idle launcher stops at once).
import { existsSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';

/** What exists, in order of creation: `{ type, id, isGone, ...values }`. */
function read() {
  const all = new Map();
  const file = process.env.PROVIDER_LOG;
  const lines = file && existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  for (const { action, type, id, values } of lines.map((line) => JSON.parse(line))) {
    if (action === 'delete') all.set(id, { ...all.get(id), isGone: true });
    else all.set(id, { type, id, ...values });
  }
  return [...all.values()];
}

const strategyOf = ({ capacity_provider_strategy: strategy }) =>
  (strategy ?? []).map(({ capacity_provider: name }) => name);

/** The name of the cluster that the instances of a group join, from their user data. */
function clusterOf(group, templates) {
  const template = templates.find(({ id }) => id === group.launch_template?.[0]?.id);
  const data = Buffer.from(template?.user_data ?? '', 'base64');
  const text = data.subarray(0, 2).toString('hex') === '1f8b' ? gunzipSync(data).toString() : data.toString();
  return /^spacectl_cluster=(.*)$/m.exec(text)?.[1];
}

const RULES = {
  aws_ecs_cluster({ prior, next, of }) {
    // CreateCluster returns a cluster that exists, and Terraform would later delete it for both.
    if (!prior && of('aws_ecs_cluster').some(({ name }) => name === next.name)) return `a cluster ${next.name} exists`;
    if (next) return undefined;
    if (of('aws_ecs_service').some(({ cluster }) => cluster === prior.id)) {
      return 'ClusterContainsServicesException: the cluster still has services';
    }
    const groups = of('aws_autoscaling_group').filter(
      (group) => clusterOf(group, of('aws_launch_template')) === prior.name,
    );
    return groups.length > 0
      ? 'ClusterContainsContainerInstancesException: the cluster still has instances'
      : undefined;
  },

  aws_ecs_capacity_provider({ prior, next, of }) {
    const groupOf = ({ auto_scaling_group_provider: [{ auto_scaling_group_arn: arn }] }) => arn;
    const others = of('aws_ecs_capacity_provider').filter(({ id }) => id !== prior?.id);
    if (next && others.some(({ name }) => name === next.name)) {
      return 'ClientException: The specified capacity provider already exists.';
    }
    if (next && others.some((each) => groupOf(each) === groupOf(next))) {
      return 'ClientException: The specified Auto Scaling group ARN is already being used by another capacity provider.';
    }
    if (next) return undefined;
    const clusters = of('aws_ecs_cluster_capacity_providers');
    const isUsed =
      clusters.some(({ capacity_providers: names }) => names.includes(prior.name)) ||
      of('aws_ecs_service').some((service) => strategyOf(service).includes(prior.name));
    return isUsed ? 'the capacity provider is still associated with a cluster or used by a service' : undefined;
  },

  aws_ecs_cluster_capacity_providers({ prior, next, of, all }) {
    const named = next?.capacity_providers ?? [];
    const known = of('aws_ecs_capacity_provider').map(({ name }) => name);
    const unknown = named.find((name) => !known.includes(name));
    if (unknown) return `InvalidParameterException: The specified capacity provider ${unknown} was not found.`;
    const cluster = of('aws_ecs_cluster').find(({ name }) => name === (next ?? prior).cluster_name);
    const runsGoOn = process.env.PROVIDER_RUNS === 'go-on';
    const services = all.filter(({ type, isGone }) => type === 'aws_ecs_service' && (!isGone || runsGoOn));
    const used = services.filter((each) => each.cluster === cluster?.id).flatMap(strategyOf);
    const dropped = (prior?.capacity_providers ?? []).find((name) => !named.includes(name) && used.includes(name));
    return dropped ? "ResourceInUseException: The specified resource is in-use and can't be removed." : undefined;
  },

  aws_ecs_service({ prior, next, of }) {
    if (!next) return undefined;
    const strategy = strategyOf(next);
    const cluster = of('aws_ecs_cluster').find(({ id }) => id === next.cluster);
    if (!cluster) return 'ClusterNotFoundException';
    const twin = of('aws_ecs_service').find(({ name, cluster: id }) => name === next.name && id === next.cluster);
    if (!prior && twin) return 'InvalidParameterException: Creation of service was not idempotent.';
    if (strategy.length > 0 && next.scheduling_strategy === 'DAEMON') {
      return 'InvalidParameterException: Specifying a capacity provider strategy is not supported when you create a service using the DAEMON scheduling strategy.';
    }
    if (!prior && strategy.length > 0 && launchTypeOf(next)) {
      return 'InvalidParameterException: Specifying both a launch type and capacity provider strategy is not supported.';
    }
    const associated = of('aws_ecs_cluster_capacity_providers')
      .filter(({ cluster_name: name }) => name === cluster.name)
      .flatMap(({ capacity_providers: names }) => names);
    const missing = strategy.find((name) => !associated.includes(name));
    return missing
      ? `InvalidParameterException: The specified capacity provider strategy cannot contain ${missing}, which is not associated with the cluster.`
      : undefined;
  },
};

/** The launch type that was given: one that the stand-in made up itself is none. */
function launchTypeOf({ launch_type: type }) {
  return ['EC2', 'FARGATE', 'EXTERNAL'].includes(type) ? type : undefined;
}

/** Returns why ECS refuses a change; `undefined` if it does not, or if no rules were asked for. */
export function refusalOf(type, prior, next) {
  const rule = process.env.PROVIDER_RULES === 'ecs' ? RULES[type] : undefined;
  if (!rule) return undefined;
  const all = read();
  const of = (wanted) => all.filter((each) => each.type === wanted && !each.isGone);
  return rule({ prior, next, of, all });
}

/** How long a call takes, in milliseconds: long enough for whatever does not wait for it to go first. */
export function delayOf(type, prior) {
  const isSlow = process.env.PROVIDER_RULES === 'ecs' && prior === null;
  return isSlow && type === 'aws_ecs_cluster_capacity_providers' ? 700 : 0;
}
