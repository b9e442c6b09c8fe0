import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { ROLE_FOLDER } from '../../render/index.ts';
import type { Plan, Planner } from '../../step/plan.ts';
import { placeIn } from './install-record.ts';
import { fileRemoval } from './remove-files.ts';

/** Plans to remove the files that the Ansible role keeps for its next run. Its copy of the secrets goes only if purging. */
export async function planRoleCopies(
  root: string | undefined,
  purge: boolean,
  planner: Planner,
): Promise<Required<Pick<Plan, 'changes' | 'warnings'>>> {
  const folder = placeIn(root, ROLE_FOLDER);
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  const names = entries.filter((entry) => entry.isFile()).map(({ name }) => name);
  // Something else may use the folder.
  if (!names.includes('install.sh') && !names.includes('secrets.env')) return { changes: [], warnings: [] };
  const kept = names.filter((name) => name === 'secrets.env' && !purge);
  return {
    changes: names.filter((name) => !kept.includes(name)).map((name) => fileRemoval(path.join(folder, name), planner)),
    warnings: kept.map(
      (name) => `${path.join(folder, name)} contains the private key, and is kept; --purge removes it`,
    ),
  };
}
