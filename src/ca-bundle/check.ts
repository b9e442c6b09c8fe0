import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { quoteIfNeeded } from '../core/text.ts';
import { readFileIfExists } from '../files/read.ts';
import type { Values } from '../step/input.ts';
import { text, yesNo } from '../step/input.ts';
import { days } from '../step/parsers.ts';
import type { Plan, Planner } from '../step/plan.ts';
import { directory } from '../step/shared.ts';
import { step } from '../step/step.ts';
import { registryInputs } from './base/registry-inputs.ts';
import { bundleFile, lockFile as lockFileInput, SECRET_NAME } from './inputs.ts';
import { readLock } from './lazy.ts';
import { BUNDLE_FILE, customCertificatesIn, lockFileOf } from './lock/lock.ts';

/** Whether a check also fixes. */
export const update = yesNo({ summary: 'Build again what is stale' });

const inputs = {
  dir: directory,
  lock: lockFileInput,
  bundle: bundleFile,
  within: text({
    summary: 'Report certificates of your CA that expire within this time',
    placeholder: 'DAYS',
    asked: false,
    default: '30d',
    parse: days,
  }),
  update,
  ...registryInputs,
};

/** Checks whether a bundle is up to date; with `update`, plans the changes that bring it up to date. */
export const bundleCheck = step({ id: 'caBundleCheck', title: 'the CA bundle', canForce: true, inputs, plan });

async function plan(given: Values<typeof inputs>, planner: Planner): Promise<Plan> {
  const { expiringAdditions, stateOfBundle, stateOfSource } = await import('./lock/freshness.ts');
  const { stateOfGiven } = await import('./custom/given.ts');
  const { file, lockFile } = filesOf(given);
  const lock = await readLock(await readLockFile(lockFile, given.dir), lockFile);
  const bundleFile = file ?? path.join(path.dirname(lockFile), lock.result.file ?? BUNDLE_FILE);
  const bundle = await readFileIfExists(bundleFile);
  const state = await stateOfSource(lock, lockFile, given, planner);
  const expiring = expiringAdditions(lock, new Date(Date.now() + given.within * DAY));
  const { changed, missing } = await stateOfGiven(lock.given, lockFile);
  const fixable = [...stateOfBundle(bundle, bundleFile, lock), ...(state.reason ? [state.reason] : []), ...changed];
  const lasting = [...missing, ...expiring];
  const reasons = [...fixable, ...lasting];
  const facts = { bundle: path.resolve(bundleFile), fresh: reasons.length === 0, reasons };
  const notes = state.note ? [state.note] : [];
  const shouldRebuild =
    given.update &&
    state.reason?.kind !== 'source-gone' &&
    (fixable.length > 0 || (state.base !== undefined && state.note !== undefined));
  if (!shouldRebuild) {
    const verdict = reasons.length === 0 ? [`${bundleFile} is up to date`] : [];
    return { changes: [], notes: [...notes, ...verdict], findings: reasons.map(({ message }) => message), facts };
  }
  const { readBaseAgain } = await import('./rebuild.ts');
  const { readCustomAgain } = await import('./custom/rebuild-custom.ts');
  const { bundleChanges } = await import('./changes.ts');
  const { certificateWarnings, readerWarnings } = await import('./custom/certificate-warnings.ts');
  const { readersIn } = await import('./clients/readers.ts');
  const custom = await readCustomAgain(lock, lockFile, bundle, bundleFile);
  const base = state.base ?? (await readBaseAgain(lock, lockFile, given, planner));
  const readers = base.image && readersIn(base.image.examination);
  const { name = SECRET_NAME, namespace } = lock.secret ?? {};
  const { format = 'pem', normalize = false } = lock;
  const target = { output: bundleFile, lockFile, format, place: { name, namespace }, normalize } as const;
  const { changes, extended } = await bundleChanges(base, custom, target, planner);
  const known = new Set(customCertificatesIn(lock).map(({ fingerprint }) => fingerprint));
  const fresh = extended.added.filter(({ fingerprint }) => !known.has(fingerprint));
  return {
    changes,
    notes: [...notes, ...custom.notes, ...fixable.map(({ message }) => `Fixes: ${message}`)],
    // Of the others, build has warned.
    warnings: [...readerWarnings(fresh, readers), ...certificateWarnings(fresh, readers), ...extended.warnings],
    findings: lasting.map(({ message }) => message),
    facts,
  };
}

/** Returns the bundle that was passed, if any, and the lock file that belongs to it. */
function filesOf({ dir, bundle, lock }: { dir: string; bundle: string | undefined; lock: string | undefined }) {
  if (lock !== undefined) return { file: bundle, lockFile: lock };
  return { file: bundle, lockFile: lockFileOf(bundle ?? path.join(dir, BUNDLE_FILE)) };
}

/** Reads the lock file. @throws UserError `SPACECTL_CANNOT_READ`, which says how to create it if it is missing */
async function readLockFile(file: string, dir: string): Promise<Buffer> {
  const bytes = await readFileIfExists(file);
  if (bytes) return bytes;
  const place = dir === '.' ? '' : ` --dir ${quoteIfNeeded(dir)}`;
  throw new UserError('SPACECTL_CANNOT_READ', `${file} does not exist`, {
    suggestions: [
      { text: 'Build a bundle and its lock file', command: `spacectl ca-bundle build --ca FILE${place}` },
      'Pass --bundle FILE or --lock FILE if the bundle is elsewhere',
    ],
  });
}

const DAY = 24 * 60 * 60 * 1000;
