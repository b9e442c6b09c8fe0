import { UserError } from '../../core/errors.ts';
import { counted } from '../../core/text.ts';
import type { Choice } from '../../step/input.ts';
import { withApi } from '../api/client.ts';
import { type ListedPool, listPools } from '../api/worker-pools.ts';
import { credentialsFrom } from '../login/credentials.ts';

/** Lists the pools of the account that the environment or the current profile belongs to. @throws UserError */
export async function poolChoices(signal: AbortSignal): Promise<readonly Choice[]> {
  const pools = await readPoolsWith({}, signal);
  return pools.map(({ id, name, workersCount }) => ({
    value: id,
    name: `${name} (${id})`,
    description: counted(workersCount, 'worker'),
  }));
}

/** Reads the pools of an account. @throws UserError what Spacelift says, or that it does not answer in time */
export async function readPoolsWith(
  credentials: Parameters<typeof credentialsFrom>[0],
  signal: AbortSignal,
): Promise<readonly ListedPool[]> {
  try {
    return await withApi(await credentialsFrom(credentials), (api) => listPools(api, signal));
  } catch (error) {
    if (!signal.aborted) throw error;
    throw new UserError('SPACECTL_UNREACHABLE', 'Spacelift did not answer in time', { cause: error });
  }
}
