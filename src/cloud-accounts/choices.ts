import type { Choice, Listing } from '../step/input.ts';

type Found = Promise<readonly Choice[] | Listing>;
type InRegion = { readonly region: string | undefined };
type InProject = { readonly project: string | undefined };

const aws = () => import('./aws/network-listings.ts');
const azure = () => import('./azure/listings.ts');
const google = () => import('./google/listings.ts');

/** What EC2 has, asked with the credentials that the AWS CLI would use. */
export const awsChoices = {
  async regions(values: object, signal: AbortSignal): Found {
    return isOffline(values) ? [] : (await import('./aws/region-listing.ts')).listRegions(signal);
  },
  async subnets(values: InRegion, signal: AbortSignal): Found {
    if (isOffline(values)) return [];
    return values.region === undefined ? unknownRegion('subnets') : (await aws()).listSubnets(values.region, signal);
  },
  async securityGroups(values: InRegion & { readonly subnet: readonly string[] }, signal: AbortSignal): Found {
    if (isOffline(values)) return [];
    const { region, subnet } = values;
    return region === undefined
      ? unknownRegion('security groups')
      : (await aws()).listSecurityGroups(region, subnet, signal);
  },
  async instanceTypes(values: InRegion, signal: AbortSignal): Found {
    if (isOffline(values) || values.region === undefined) return [];
    return (await import('./aws/instance-type-listing.ts')).listInstanceTypes(values.region, signal);
  },
} as const;

/** What the Azure CLI lists in its subscription. */
export const azureChoices = {
  async subnets(values: object, signal: AbortSignal): Found {
    return isOffline(values) ? [] : (await azure()).listSubnets(signal);
  },
  async resourceGroups(values: object, signal: AbortSignal): Found {
    return isOffline(values) ? [] : (await azure()).listResourceGroups(signal);
  },
  async keyVaults(values: object, signal: AbortSignal): Found {
    return isOffline(values) ? [] : (await azure()).listKeyVaults(signal);
  },
} as const;

/** What `gcloud` lists. */
export const googleChoices = {
  async projects(values: object, signal: AbortSignal): Found {
    return isOffline(values) ? [] : (await google()).listProjects(signal);
  },
  async regions(values: InProject, signal: AbortSignal): Found {
    return isOffline(values) ? [] : (await google()).listRegions(values.project, signal);
  },
  async zones(values: InProject & InRegion, signal: AbortSignal): Found {
    if (isOffline(values)) return [];
    const { project, region } = values;
    return region === undefined ? unknownRegion('zones') : (await google()).listZones(project, region, signal);
  },
  async networks(values: InProject, signal: AbortSignal): Found {
    if (isOffline(values) || values.project === undefined) return [];
    return (await google()).listNetworks(values.project, signal);
  },
  async subnetworks(values: InProject & InRegion & { readonly network: string }, signal: AbortSignal): Found {
    const { project, region, network } = values;
    if (isOffline(values) || project === undefined || region === undefined) return [];
    return (await google()).listSubnetworks({ project, region, network }, signal);
  },
  async machineTypes(values: InProject & InRegion & { readonly zone: string | undefined }, signal: AbortSignal): Found {
    const { project, region, zone = region && `${region}-b` } = values;
    if (isOffline(values) || zone === undefined) return [];
    return (await google()).listMachineTypes(project, zone, signal);
  },
} as const;

/** Not every command has the flag. */
function isOffline(values: object): boolean {
  return (values as { readonly offline?: boolean }).offline === true;
}

function unknownRegion(what: string): Listing {
  return { choices: [], note: `Set a region to choose from its ${what}.` };
}
