import { existsSync } from 'node:fs';
import { UserError } from '../core/errors.ts';
import { KEY_FILE } from '../pki/index.ts';
import { POOL_FILE } from '../pool-folder/index.ts';
import type { Answered } from '../step/ask.ts';
import type { StepPlan } from '../step/run.ts';
import { newDirectory } from '../step/shared.ts';

/** The directory of a pool that is set up: it has to be named, unless the working directory is one. */
export const setupDirectory = {
  ...newDirectory,
  positional: 'too',
  suggested: ['worker-pool'],
  default: () => (existsSync(POOL_FILE) ? ['.'] : undefined),
  asked: () => !existsSync(POOL_FILE),
} as const;

/**
 * Refuses to make a private key where no directory was named: a checkout in CI has `spacectl.yaml`, but not the key, and
 * a new key is not the pool's.
 * @throws UserError `SPACECTL_MISSING_INPUT`
 */
export function refuseUnnamedKey(plans: readonly StepPlan[], { origins }: Answered): void {
  const changes = plans.flatMap(({ plan }) => plan.changes);
  const makesKey = changes.some(
    (each) => each.kind === 'file' && each.status === 'create' && each.path.endsWith(KEY_FILE),
  );
  if (origins['dir'] !== 'default' || !makesKey) return;
  throw new UserError(
    'SPACECTL_MISSING_INPUT',
    `This directory has no ${KEY_FILE}, and was not named: no key is made here`,
    {
      suggestions: [
        { text: 'If the pool is new, name the directory', command: 'spacectl init .' },
        `If the pool has a key, put it here as ${KEY_FILE}`,
      ],
    },
  );
}
