import { existsSync } from 'node:fs';
import path from 'node:path';
import { POOL_FILE, renderedSecrets } from '../../pool-folder/index.ts';
import { TARGETS, type TargetName } from '../../render/index.ts';

/** Lists the targets whose files are in a directory, though none of the wanted ones writes them. */
export function leftoverTargets(dir: string, wanted: readonly string[]): readonly TargetName[] {
  const names = Object.keys(TARGETS) as readonly TargetName[];
  return names.filter((name) => !wanted.includes(name) && existsSync(path.join(dir, TARGETS[name].writes)));
}

/**
 * Says that a target's files are there though spacectl.yaml does not name it. They are not removed: hosts may still be made
 * from them, and the state of Terraform is among them.
 */
export async function leftoverWords(dir: string, name: TargetName): Promise<string> {
  const file = path.join(dir, TARGETS[name].writes);
  const hasSecrets = (await renderedSecrets(dir)).some(
    (each) => each === file || each.startsWith(`${file}${path.sep}`),
  );
  const secrets = hasSecrets ? '; it holds secrets' : '';
  return `${file} was rendered, but hosts.target in ${POOL_FILE} does not name ${name}${secrets}. Remove it if no host uses it`;
}
