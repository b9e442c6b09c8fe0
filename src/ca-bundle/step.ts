import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { readFileIfThere } from '../files/read.ts';
import { known } from '../step/content.ts';
import { UserError } from '../step/errors.ts';
import type { Values } from '../step/input.ts';
import type { Plan, Planner } from '../step/plan.ts';
import { step } from '../step/step.ts';
import type { Base } from './base.ts';
import type { ExtendedBundle } from './bundle.ts';
import type { CustomCertificate } from './custom.ts';
import { buildInputs, hasCustom, wizardInputs } from './inputs.ts';
import { formatLock, type Lock, type LockedCertificate, lockFileOf, readLock, sha256 } from './lock.ts';

type Given = Values<typeof buildInputs>;

/** For `spacectl ca-bundle build`. */
export const caBundle = step({ id: 'caBundle', title: 'the CA bundle', inputs: buildInputs, plan });

/** For the wizard: plays no part without a custom certificate. */
export const optionalCaBundle = step({
  id: 'caBundle',
  title: 'the CA bundle',
  inputs: wizardInputs,
  when: hasCustom,
  plan,
});

/** The runner image's own bundle, extended; and beside it the lock file that says what it was made from. */
async function plan(given: Given, planner: Planner): Promise<Plan> {
  const { extendBundle } = await import('./bundle.ts');
  const { baseOf } = await import('./base.ts');
  await refuseInputAsOutput(given);
  const base = await baseOf(given, planner);
  const custom = given.ca.flatMap(({ certificates }) => certificates);
  const extended = extendBundle(base.bytes, custom, base.origin);
  const lock = lockOf(base, extended);
  const lockFile = lockFileOf(given.output);
  const presentLock = await readFileIfThere(lockFile);
  const isOurs = (bytes: Uint8Array) =>
    presentLock !== undefined && readLock(presentLock, lockFile).result.sha256 === sha256(bytes);
  const { concernsAbout } = await import('./judge.ts');
  const concerns = extended.added.flatMap((each) =>
    concernsAbout(each, new Date()).map((concern) => `${each.subject} ${concern}`),
  );
  const repeated = custom.length - extended.added.length;
  return {
    changes: [
      await planner.file({ path: given.output, content: known(extended.bytes), replace: isOurs }),
      await planner.file({
        path: lockFile,
        content: known(formatLock(lock)),
        replace: (bytes) => isLock(bytes, lockFile),
      }),
    ],
    notes: [
      `CA bundle: ${extended.baseCertificates} certificates from ${base.origin}, ${extended.added.length} added${repeated > 0 ? `, ${repeated} there already` : ''}`,
      ...given.ca.flatMap(({ skipped }) => skipped.map((each) => `Left out: ${each}`)),
    ],
    warnings: [
      ...concerns,
      ...extended.warnings,
      ...(base.provenance.mozilla ? [MOZILLA_WARNING] : []),
      ...base.warnings,
    ],
    facts: { output: path.resolve(given.output), ...lock },
  };
}

const MOZILLA_WARNING =
  "The base of the bundle is Node's copy of the Mozilla roots, not the runner image's own; build it again without --offline for production";

function lockOf({ bytes, provenance }: Base, extended: ExtendedBundle): Lock {
  const { baseCertificates, added, inBase } = extended;
  const { mountPath, ...origin } = provenance;
  return {
    version: 1,
    ...origin,
    mountPath,
    base: { sha256: sha256(bytes), certificates: baseCertificates },
    result: { sha256: sha256(extended.bytes), certificates: baseCertificates + added.length },
    added: added.map(lockedCertificate),
    ...(inBase.length > 0 && { inBase: inBase.map(lockedCertificate) }),
  };
}

function lockedCertificate({ subject, fingerprint, notAfter, source }: CustomCertificate): LockedCertificate {
  return { subject, fingerprint, notAfter: notAfter.toISOString(), source };
}

/** The bundle must never be read and written in one go: a second run would extend the extension. */
async function refuseInputAsOutput({ ca, output }: Given): Promise<void> {
  const target = await realPathOf(output);
  for (const file of ca.flatMap(({ files }) => files)) {
    if ((await realPathOf(file)) !== target) continue;
    throw new UserError('SPACECTL_BAD_INPUT', `--output ${output} is one of the --ca files: ${file}`);
  }
}

/** Where a path leads, through links; the path itself where there is nothing yet. */
async function realPathOf(file: string): Promise<string> {
  return realpath(file).catch(() => path.resolve(file));
}

function isLock(bytes: Uint8Array, file: string): boolean {
  try {
    return readLock(bytes, file).version === 1;
  } catch {
    return false;
  }
}
