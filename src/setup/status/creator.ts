import { existsSync } from 'node:fs';
import path from 'node:path';
import { isConfiguration, rendersPool, TARGETS, type TargetName } from '../../render/index.ts';
import type { PoolCreator } from './pool.ts';

/**
 * Finds the configuration that creates the pool: a rendered one, or a wanted one that is not rendered yet. A second pool is
 * only wanted for other targets of spacectl.yaml, which need a token here: with the pool, `apply` renders a wanted
 * configuration again so that it uses it. One that Terraform has applied, or that `apply` does not render, keeps its own.
 */
export async function creatorOf(
  dir: string,
  targets: readonly TargetName[],
  { wanted, isNamed }: { readonly wanted: readonly unknown[]; readonly isNamed: boolean },
): Promise<PoolCreator> {
  const isAll = targets.length > 0 && targets.every(isConfiguration);
  for (const target of targets.filter(isConfiguration)) {
    const folder = path.join(dir, TARGETS[target].writes);
    if (!(await rendersPool(folder))) continue;
    const isKept = !wanted.includes(target) || existsSync(path.join(folder, 'terraform.tfstate'));
    return { name: TARGETS[target].writes, isOnly: isAll || isKept };
  }
  const [first] = targets;
  return isAll && isNamed && first ? { name: TARGETS[first].writes, isOnly: true } : { isOnly: false };
}
