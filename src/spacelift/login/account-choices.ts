import { UserError } from '../../core/errors.ts';
import { counted } from '../../core/text.ts';
import type { Choice } from '../../step/input.ts';
import type { Api } from '../api/api.ts';
import { withApi } from '../api/client.ts';
import { listSpaces } from '../api/spaces.ts';
import { listPools } from '../api/worker-pools.ts';
import { credentialsFrom, hasOtherCredentials } from './credentials.ts';
import { listProfiles, readProfiles } from './profiles.ts';

/** What decides whose account is asked. */
export type AccountValues = Parameters<typeof credentialsFrom>[0];

/** Lists the pools of the account that the values, the environment or the current profile name. @throws UserError */
export async function poolChoices(values: AccountValues, signal: AbortSignal): Promise<readonly Choice[]> {
  const pools = await askAccount(values, signal, (api) => listPools(api, signal));
  return pools.map(({ id, name, workersCount }) => ({
    value: id,
    name: `${name} (${id})`,
    description: counted(workersCount, 'worker'),
  }));
}

/** Lists the spaces of the same account. @throws UserError */
export async function spaceChoices(values: AccountValues, signal: AbortSignal): Promise<readonly Choice[]> {
  const spaces = await askAccount(values, signal, (api) => listSpaces(api, signal));
  return spaces.map(({ id, name }) => ({ value: id, name: name === id ? id : `${name} (${id})` }));
}

/** Lists the profiles of this user, the current one first. None if the environment has credentials, which go before them. */
export async function profileChoices(environment: NodeJS.ProcessEnv): Promise<readonly Choice[]> {
  if (hasOtherCredentials(environment)) return [];
  const profiles = listProfiles(await readProfiles(environment)).filter(({ method }) => method !== undefined);
  const choices = profiles.map(({ alias, endpoint, isCurrent }) => ({
    value: alias,
    name: `${alias} (${endpoint}${isCurrent ? ', current' : ''})`,
    isCurrent,
  }));
  return choices
    .sort((one, other) => Number(other.isCurrent) - Number(one.isCurrent))
    .map(({ value, name }) => ({ value, name }));
}

/** Tries credentials by reading what every pool needs. @throws UserError what Spacelift says about them */
export async function tryCredentials(values: AccountValues, signal: AbortSignal): Promise<void> {
  await askAccount(values, signal, (api) => listPools(api, signal));
}

/** Asks an account. @throws UserError what Spacelift says, or that it does not answer in time */
async function askAccount<T>(values: AccountValues, signal: AbortSignal, read: (api: Api) => Promise<T>): Promise<T> {
  try {
    return await withApi(await credentialsFrom(values), read);
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new UserError('SPACECTL_UNREACHABLE', 'Spacelift did not answer in time', { cause: error });
  }
}
