import * as v from 'valibot';
import { counted } from '../../core/text.ts';
import type { Choice, Listing } from '../../step/input.ts';
import { askProgram, GCLOUD } from '../ask-program.ts';

const text = v.optional(v.string());
const projects = v.array(v.looseObject({ projectId: v.string(), name: text }));
const configuration = v.looseObject({ core: v.optional(v.looseObject({ project: text })) });
/** What is read of resources of Compute Engine. */
export const resources = v.array(
  v.looseObject({
    name: v.string(),
    /** Addresses: their last parts are names. */
    region: text,
    network: text,
    ipCidrRange: text,
    guestCpus: v.optional(v.number()),
    memoryMb: v.optional(v.number()),
    autoCreateSubnetworks: v.optional(v.boolean()),
  }),
);
type Resource = v.InferOutput<typeof resources>[number];

/** Lists the projects of the account. Enter alone takes that of the command line. @throws UserError what `gcloud` says */
export async function listProjects(signal: AbortSignal): Promise<Listing> {
  const current = askProgram(GCLOUD, ['config', 'list', 'core/project'], configuration, signal).catch(() => undefined);
  const found = await askProgram(GCLOUD, ['projects', 'list'], projects, signal);
  const { project } = (await current)?.core ?? {};
  return {
    choices: found.map(({ projectId, name }) => ({
      value: projectId,
      ...(name && name !== projectId && { name: `${projectId}, ${name}` }),
    })),
    owner: 'your Google account',
    ...(project && { suggested: project }),
  };
}

/** Lists regions. @throws UserError what `gcloud` says */
export async function listRegions(project: string | undefined, signal: AbortSignal): Promise<Listing> {
  return listing(await compute(['regions', 'list'], project, signal), 'Google Cloud');
}

/** Lists the zones of a region. @throws UserError what `gcloud` says */
export async function listZones(project: string | undefined, region: string, signal: AbortSignal): Promise<Listing> {
  const zones = await compute(['zones', 'list'], project, signal);
  const inRegion = zones.filter((zone) => lastOf(zone.region) === region);
  return listing(inRegion, `Google Cloud's region ${region}`);
}

/** Lists the networks of a project. @throws UserError what `gcloud` says */
export async function listNetworks(project: string, signal: AbortSignal): Promise<Listing> {
  const networks = await compute(['networks', 'list'], project, signal);
  return listing(networks, `project ${project}`, ({ autoCreateSubnetworks: isAutomatic }) =>
    isAutomatic === false ? 'needs a subnetwork' : undefined,
  );
}

/** Lists the subnetworks that a network has in a region. @throws UserError what `gcloud` says */
export async function listSubnetworks(
  { project, region, network }: { readonly project: string; readonly region: string; readonly network: string },
  signal: AbortSignal,
): Promise<Listing> {
  const subnetworks = await compute(['networks', 'subnets', 'list', '--regions', region], project, signal);
  const inNetwork = subnetworks.filter((each) => lastOf(each.network) === lastOf(network));
  return listing(inNetwork, `network ${network} in ${region}`, ({ ipCidrRange }) => ipCidrRange);
}

/** Lists the machine types of a zone. @throws UserError what `gcloud` says */
export async function listMachineTypes(
  project: string | undefined,
  zone: string,
  signal: AbortSignal,
): Promise<Listing> {
  const types = await compute(['machine-types', 'list', '--zones', zone], project, signal);
  return machineTypesIn(types, zone);
}

/** Lists machine types. */
export function machineTypesIn(types: readonly Resource[], zone: string): Listing {
  return listing(types, `Google Cloud's zone ${zone}`, ({ guestCpus, memoryMb }) =>
    guestCpus === undefined || memoryMb === undefined
      ? undefined
      : `${counted(guestCpus, 'CPU')}, ${Number((memoryMb / 1024).toFixed(1))} GB`,
  );
}

/** Asks Compute Engine for a list of resources. */
function compute(
  command: readonly string[],
  project: string | undefined,
  signal: AbortSignal,
): Promise<readonly Resource[]> {
  const inProject = project === undefined ? [] : ['--project', project];
  return askProgram(GCLOUD, ['compute', ...command, ...inProject], resources, signal);
}

function lastOf(address = ''): string {
  return address.slice(address.lastIndexOf('/') + 1);
}

/** What has a slash is the address of a resource, which may be in another project. */
function listing(
  found: readonly Resource[],
  owner: string,
  describe: (resource: Resource) => string | undefined = () => undefined,
): Listing {
  const choices = found.map((resource): Choice => {
    const about = describe(resource);
    return { value: resource.name, ...(about && { name: `${resource.name}, ${about}` }) };
  });
  const names = new Set(found.map(({ name }) => name));
  return {
    choices: choices.toSorted((one, other) => one.value.localeCompare(other.value)),
    owner,
    lists: (given) => given.includes('/') || names.has(given),
  };
}
