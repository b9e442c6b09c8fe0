import { existsSync } from 'node:fs';
import path from 'node:path';
import { TOKEN_FILE, tokenFilesIn } from '../pool-folder/index.ts';
import { isOnPath } from '../programs/index.ts';
import { createsPool, isConfiguration, rendersPool, TARGETS, type TargetName } from '../render/index.ts';
import type { Answered } from '../step/ask.ts';
import { sectionOfName } from '../step/given.ts';
import type { Answers } from '../step/input.ts';
import type { StepPlan } from '../step/run.ts';
import { DEPLOYABLE } from './inputs.ts';

/** Reports whether a directory holds what can be deployed, with a token for its workers or what creates their pool. */
export async function canDeploy(dir: string): Promise<boolean> {
  const folders = DEPLOYABLE.map((name) => path.join(dir, TARGETS[name].writes)).filter((folder) => existsSync(folder));
  if (folders.length === 0 || tokenFilesIn(dir).length > 0) return folders.length > 0;
  return (await Promise.all(folders.map(rendersPool))).every(Boolean);
}

/**
 * Reports whether everything that is rendered can be deployed from this machine once these plans are applied: the token is in
 * the directory, and each engine has what it needs.
 * @param answered the answers of `init`
 * @param open names of inputs that still need a value
 */
export function canDeployAfter(
  { values: answers }: Answered,
  plans: readonly StepPlan[],
  open: readonly string[],
): boolean {
  const { dir, target } = answers;
  if (typeof dir !== 'string' || !Array.isArray(target)) return false;
  const targets = DEPLOYABLE.filter((name) => target.includes(name));
  if (targets.length === 0 || !targets.every((name) => hasEngine(name, answers))) return false;
  if (!open.every((name) => isSetInFile(dir, name))) return false;
  const changes = plans.flatMap(({ plan }) => plan.changes);
  const token = path.resolve(dir, TOKEN_FILE);
  const isTokenPlanned = changes.some((change) => change.kind === 'file' && change.path === token);
  const isPoolCreated = targets.every(isConfiguration) && createsPool(answers as never);
  return isTokenPlanned || isPoolCreated || tokenFilesIn(dir).length > 0;
}

function hasEngine(name: TargetName, answers: Answers): boolean {
  if (isConfiguration(name)) return isOnPath('terraform');
  if (name === 'systemd') return process.getuid?.() === 0;
  const hasSecrets = ['vault-password', 'secrets-from'].some((input) => answers[`ansible/${input}`] !== undefined);
  return hasSecrets && isOnPath('ansible-playbook');
}

/** The file where a user sets what a configuration was rendered without. */
const VARIABLES = 'terraform.tfvars';

/** Reports whether an input belongs to a configuration whose variables the user has set in a file. */
function isSetInFile(dir: string, name: string): boolean {
  const target = DEPLOYABLE.find((each) => each === sectionOfName(name));
  return (
    target !== undefined && isConfiguration(target) && existsSync(path.join(dir, TARGETS[target].writes, VARIABLES))
  );
}
