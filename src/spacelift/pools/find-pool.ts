import { UserError } from '../../core/errors.ts';
import { findNearest } from '../../core/nearest.ts';
import { quoteIfNeeded } from '../../core/text.ts';
import type { Api } from '../api/api.ts';
import { listPools } from '../api/worker-pools.ts';
import { isPoolId } from '../pool-id.ts';

/**
 * Returns the ID of the pool that an ID or a name stands for. Only a name is looked up.
 * @throws UserError `SPACECTL_BAD_INPUT` if no pool has the name, or several have it: with their spaces and IDs
 */
export async function findPoolId(api: Api, idOrName: string, signal: AbortSignal): Promise<string> {
  if (isPoolId(idOrName)) return idOrName;
  const pools = await listPools(api, signal);
  const [found, ...others] = pools.filter(({ name }) => name === idOrName);
  if (!found) throw noneNamed(idOrName, new Set(pools.map(({ name }) => name)), api);
  if (others.length === 0) return found.id;
  const all = [found, ...others];
  const listed = all.map(({ id, space }) => `${id} in the space ${space ?? 'unknown'}`).join(', ');
  throw new UserError('SPACECTL_BAD_INPUT', `${all.length} worker pools are named "${idOrName}": ${listed}`, {
    suggestions: all.map(({ id }) => `Pass --pool-id ${id}`),
  });
}

function noneNamed(name: string, names: ReadonlySet<string>, { credentials }: Api): UserError {
  const close = findNearest(name, [...names]);
  const message = `No worker pool is named "${name}" at ${credentials.endpoint}, or your credentials cannot see it`;
  return new UserError('SPACECTL_BAD_INPUT', message, {
    suggestions: [
      ...(close ? [`Pass --pool-id ${quoteIfNeeded(close)}`] : []),
      { command: 'spacectl workerpool list' },
    ],
  });
}
