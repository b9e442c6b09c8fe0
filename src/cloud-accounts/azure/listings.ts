import * as v from 'valibot';
import type { Choice, Listing } from '../../step/input.ts';
import { AZ, askProgram } from '../ask-program.ts';

const text = v.optional(v.string());
const subnet = v.looseObject({
  id: v.string(),
  name: v.string(),
  addressPrefix: v.nullish(v.string()),
  addressPrefixes: v.nullish(v.array(v.string())),
});
/** What is read of virtual networks. */
export const networks = v.array(
  v.looseObject({ name: v.string(), location: text, resourceGroup: text, subnets: v.nullish(v.array(subnet)) }),
);
const named = v.array(v.looseObject({ name: v.string(), location: text, resourceGroup: text }));

/** Lists the subnets of all virtual networks. @throws UserError what `az` says */
export async function listSubnets(signal: AbortSignal): Promise<Listing> {
  return subnetsIn(await askProgram(AZ, ['network', 'vnet', 'list'], networks, signal));
}

/** Lists the subnets of virtual networks. */
export function subnetsIn(found: v.InferOutput<typeof networks>): Listing {
  const choices = found.flatMap(({ name: network, location, resourceGroup, subnets }) =>
    (subnets ?? []).map(({ id, name, addressPrefix, addressPrefixes }) => ({
      value: id,
      name: [`${network}/${name}`, location, addressPrefix ?? addressPrefixes?.join(' ')].filter(Boolean).join(', '),
      ...(resourceGroup && { description: `Resource group ${resourceGroup}` }),
    })),
  );
  return listing(choices);
}

/** Lists the resource groups. @throws UserError what `az` says */
export async function listResourceGroups(signal: AbortSignal): Promise<Listing> {
  const found = await askProgram(AZ, ['group', 'list'], named, signal);
  return listing(
    found.map(({ name, location }) => ({ value: name, name: [name, location].filter(Boolean).join(', ') })),
  );
}

/** Lists the Key Vaults, without managed HSMs, which the command lists too if not told otherwise. @throws UserError what `az` says */
export async function listKeyVaults(signal: AbortSignal): Promise<Listing> {
  const found = await askProgram(AZ, ['keyvault', 'list', '--resource-type', 'vault'], named, signal);
  return listing(
    found.map(({ name, location, resourceGroup }) => ({
      value: name,
      name: [name, location].filter(Boolean).join(', '),
      ...(resourceGroup && { description: `Resource group ${resourceGroup}` }),
    })),
  );
}

/** Names and IDs in Azure are the same in capital and small letters (Azure Resource Manager, "Naming rules"). */
function listing(choices: readonly Choice[]): Listing {
  const values = new Set(choices.map(({ value }) => value.toLowerCase()));
  return {
    choices: choices.toSorted((one, other) => (one.name ?? '').localeCompare(other.name ?? '')),
    owner: "the Azure CLI's subscription",
    lists: (given) => values.has(given.toLowerCase()),
  };
}
