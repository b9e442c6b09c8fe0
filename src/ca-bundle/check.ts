import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { readFileIfThere } from '../files/read.ts';
import type { Values } from '../step/input.ts';
import { optionalText, text, yesNo } from '../step/input.ts';
import type { Plan, Planner } from '../step/plan.ts';
import { folder } from '../step/shared.ts';
import { step } from '../step/step.ts';
import { registryInputs } from './base/inputs.ts';
import { SECRET_NAME } from './inputs.ts';
import { readLock } from './lazy.ts';
import { BUNDLE_FILE, lockFileOf } from './lock.ts';

const inputs = {
  dir: folder,
  lock: optionalText({
    summary: 'Lock file of the bundle, if not the one beside it',
    placeholder: 'FILE',
    parse: (file) => file,
  }),
  bundle: optionalText({
    summary: `Bundle to check; <dir>/${BUNDLE_FILE} if not given`,
    placeholder: 'FILE',
    parse: (file) => file,
  }),
  within: text({
    summary: 'How long before a certificate of yours expires the bundle counts as stale',
    placeholder: 'DAYS',
    asked: false,
    default: '30d',
    parse: parseDays,
  }),
  update: yesNo({ summary: 'Build the bundle again where it is stale' }),
  ...registryInputs,
};

/** Whether a bundle is still what it should be; and with `update` the changes that make it so again. */
export const bundleCheck = step({ id: 'caBundleCheck', title: 'the CA bundle', inputs, plan });

async function plan(given: Values<typeof inputs>, planner: Planner): Promise<Plan> {
  const { expiringAdditions, stateOfBundle, stateOfSource } = await import('./freshness.ts');
  const { file, lockFile } = filesOf(given);
  const lock = await readLock(await readLockFile(lockFile), lockFile);
  const bundleFile = file ?? path.join(path.dirname(lockFile), lock.result.file ?? BUNDLE_FILE);
  const bundle = await readFileIfThere(bundleFile);
  const state = await stateOfSource(lock, lockFile, given, planner);
  const expiring = expiringAdditions(lock, new Date(Date.now() + given.within * DAY));
  const mendable = [...stateOfBundle(bundle, bundleFile, lock), ...(state.reason ? [state.reason] : [])];
  const reasons = [...mendable, ...expiring];
  const facts = { bundle: path.resolve(bundleFile), fresh: reasons.length === 0, reasons };
  const notes = state.note ? [state.note] : [];
  const canMend =
    given.update && state.reason?.kind !== 'source-gone' && (mendable.length > 0 || state.note !== undefined);
  if (!canMend) {
    const verdict = reasons.length === 0 ? [`${bundleFile} is fresh`] : [];
    return { changes: [], notes: [...notes, ...verdict], findings: reasons.map(({ message }) => message), facts };
  }
  const { baseAgain, customAgain } = await import('./rebuild.ts');
  const { bundleChanges } = await import('./changes.ts');
  const custom = await customAgain(lock, lockFile, bundle, bundleFile);
  const base = state.base ?? (await baseAgain(lock, lockFile, given, planner));
  const { name = SECRET_NAME, namespace } = lock.secret ?? {};
  const target = { output: bundleFile, format: lock.format ?? 'pem', place: { name, namespace } } as const;
  const { changes, extended } = await bundleChanges(base, custom, target, planner);
  return {
    changes,
    notes: [...notes, ...mendable.map(({ message }) => `Mends: ${message}`)],
    warnings: extended.warnings,
    findings: expiring.map(({ message }) => message),
    facts,
  };
}

/** The bundle named, if one is, and the lock file that goes with it. */
function filesOf({ dir, bundle, lock }: { dir: string; bundle: string | undefined; lock: string | undefined }) {
  if (lock !== undefined) return { file: bundle, lockFile: lock };
  return { file: bundle, lockFile: lockFileOf(bundle ?? path.join(dir, BUNDLE_FILE)) };
}

/** @throws UserError `SPACECTL_CANNOT_READ`, with the way to have one where there is none */
async function readLockFile(file: string): Promise<Buffer> {
  const bytes = await readFileIfThere(file);
  if (bytes) return bytes;
  throw new UserError('SPACECTL_CANNOT_READ', `Cannot read ${file}: there is no such file`, {
    suggestions: [
      'spacectl ca-bundle build --ca FILE builds a bundle, with a lock file beside it',
      'For a bundle elsewhere: --bundle FILE or --lock FILE',
    ],
  });
}

const DAY = 24 * 60 * 60 * 1000;

/** `30d`, `4w` or a bare number of days. */
function parseDays(given: string): number {
  const match = /^(\d{1,5})([dw]?)$/.exec(given);
  if (match) return Number(match[1]) * (match[2] === 'w' ? 7 : 1);
  throw new UserError('SPACECTL_BAD_INPUT', `"${given}" is not a time like 30d or 4w`);
}
