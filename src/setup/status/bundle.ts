import { stat } from 'node:fs/promises';
import path from 'node:path';
import { BUNDLE_FILE, bundleCheck, LOCK_FILE, readLock } from '../../ca-bundle/index.ts';
import { sha256 } from '../../core/sha256.ts';
import { counted, quoteIfNeeded } from '../../core/text.ts';
import { readFileIfExists } from '../../files/read.ts';
import type { Answers } from '../../step/input.ts';
import { createPlanner } from '../../step/plan.ts';
import { attention, type Finding, good, none, stale, unknown } from './thing.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Looks at the CA bundle: whether it is wanted, made, up to date, and how old. */
export async function bundleOf(
  { dir, offline, answers }: { readonly dir: string; readonly offline: string | undefined; readonly answers: Answers },
  signal: AbortSignal,
): Promise<Finding> {
  const lock = await readFileIfExists(path.join(dir, LOCK_FILE));
  const { ca } = answers;
  const isWanted = Array.isArray(ca) && ca.length > 0;
  if (!lock) {
    if (isWanted) return stale('not built yet', `spacectl apply ${quoteIfNeeded(dir)}`, 'apply');
    return none('none: workers trust what their runner image trusts');
  }
  const age = await ageOf(path.join(dir, BUNDLE_FILE));
  const { result } = await readLock(lock, path.join(dir, LOCK_FILE));
  const bundle = await readFileIfExists(path.join(dir, result.file ?? BUNDLE_FILE));
  const isAltered = bundle !== undefined && sha256(bundle) !== result.sha256;
  const rebuild = `spacectl ca-bundle check --update --dir ${quoteIfNeeded(dir)}`;
  // A bundle that was edited is replaced only on request.
  if (isAltered)
    return { ...attention('changed after it was built', `${rebuild} --force`, BUNDLE_FILE), isEdited: true };
  if (!bundle) return stale('missing, but its lock file exists', rebuild, 'ca-bundle', BUNDLE_FILE);
  if (offline !== undefined) return unknown(`${age}; not compared with its image (${offline})`);
  const planner = createPlanner({ step: bundleCheck.id, planned: [], signal });
  const given = { ...answers, dir, lock: undefined, bundle: undefined, within: 30, update: false };
  const { findings = [], notes = [] } = await bundleCheck.plan(given as never, planner);
  if (findings.length === 0) return good([`up to date; ${age}`, ...notes.slice(0, -1)].join('. '));
  return stale(`${findings.join('; ')}; ${age}`, rebuild, 'ca-bundle', BUNDLE_FILE);
}

async function ageOf(file: string): Promise<string> {
  const stats = await stat(file).catch(() => undefined);
  if (!stats) return `${BUNDLE_FILE} does not exist`;
  return `written ${counted(Math.max(0, Math.floor((Date.now() - stats.mtimeMs) / DAY_MS)), 'day')} ago`;
}
