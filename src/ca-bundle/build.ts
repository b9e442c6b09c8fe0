import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { counted, quoteIfNeeded } from '../core/text.ts';
import { known } from '../step/content.ts';
import type { Values } from '../step/input.ts';
import type { Plan, Planner } from '../step/plan.ts';
import { readBase } from './base/base.ts';
import type { Base } from './base/store.ts';
import { bundleChanges, withLockPaths } from './changes.ts';
import { readersIn } from './clients/readers.ts';
import { reportClients } from './clients/report.ts';
import { CERTIFICATE_FILE } from './custom/certificate-files.ts';
import { certificateWarnings, readerFindings, readerWarnings, rejectWarnings } from './custom/certificate-warnings.ts';
import { describeGiven } from './custom/given.ts';
import { additionalRootCas } from './formats/formats.ts';
import { type buildInputs, SECRET_NAME } from './inputs.ts';
import { isStandardInput, type LockedPolicy, lockFileOf, pathInLock, STANDARD_INPUT } from './lock/lock.ts';

/** How much of an image's ID is enough: `sha256:` and the digits that engines show. */
const SHOWN_ID = 'sha256:'.length + 12;

type BuildOnly = 'strict' | 'format' | 'secret-name' | 'namespace';
type Build = Values<typeof buildInputs>;
/** What to build; the wizard always builds PEM, which the hosts need. */
export type BundleValues = Omit<Build, BuildOnly> & Partial<Pick<Build, BuildOnly>>;

/**
 * Plans the runner image's bundle with the custom certificates added, and its lock file.
 * @throws UserError `SPACECTL_BAD_CERTIFICATE` with `--strict` if there is a warning
 */
export async function planBundle(given: BundleValues, planner: Planner): Promise<Plan> {
  const plan = await planWithWarnings(given, planner);
  if (given.strict) rejectWarnings(plan.warnings ?? []);
  return plan;
}

async function planWithWarnings(given: BundleValues, planner: Planner): Promise<Plan> {
  await rejectInputAsOutput(given);
  const custom = given.ca.flatMap(({ certificates }) => certificates);
  const skippedNotes = given.ca.flatMap(({ skipped }) => skipped.map((each) => `Skipped: ${each}`));
  if (given.format === 'additional-root-cas') {
    const { bytes, warnings, next } = additionalRootCas(custom, given.output);
    const change = await planner.file({ path: given.output, content: known(bytes) });
    return {
      changes: [change],
      notes: skippedNotes,
      warnings: [...readerWarnings(custom, undefined), ...certificateWarnings(custom, undefined), ...warnings],
      next,
      facts: { readerFindings: readerFindings(custom, undefined) },
    };
  }
  const lockFile = lockFileOf(given.output);
  const read = await readBase(given, planner);
  const base = withLockPaths(read, lockFile);
  const readers = base.image && readersIn(base.image.examination);
  const noted = given.ca.flatMap(({ files, certificates }) =>
    // Standard input and pipes have no path to be read again.
    certificates.map((each) => ({
      ...each,
      source: files.length === 0 ? STANDARD_INPUT : pathInLock(each.source, lockFile),
    })),
  );
  const { format = 'pem', 'secret-name': name = SECRET_NAME, namespace } = given;
  const target = { output: given.output, format, place: { name, namespace }, normalize: given.normalize };
  const all = { certificates: noted, given: describeGiven(given.ca, lockFile), policy: policyOf(given) };
  const { changes, extended, lock, shaped } = await bundleChanges(base, all, target, planner);
  const { added, inBase } = extended;
  const told = base.image && reportClients(base.image.map, examineHint(read.provenance));
  // In the base too, a certificate may not be trusted.
  const present = [...added, ...inBase];
  const repeated = noted.length - extended.added.length;
  return {
    changes,
    notes: [
      `CA bundle: ${counted(extended.baseCertificates, 'certificate')} from ${base.origin}, ${extended.added.length} added${repeated > 0 ? `, ${repeated} already present` : ''}`,
      ...skippedNotes,
      ...(told?.notes ?? []),
    ],
    warnings: [
      ...readerWarnings(present, readers),
      ...certificateWarnings(added, readers),
      ...extended.warnings,
      ...shaped.warnings,
      ...(base.provenance.mozilla ? [MOZILLA_WARNING] : []),
      ...base.warnings,
      ...(told?.warnings ?? []),
    ],
    next: [...shaped.next, ...(told?.next ?? [])],
    facts: { output: path.resolve(given.output), readerFindings: readerFindings(present, readers), ...lock },
  };
}

/** Says how to examine what was not read. An image of a container engine is found by its ID. */
function examineHint({ source, image }: Base['provenance']): string | undefined {
  if (!image || isStandardInput(image.reference)) return undefined;
  if (source === 'docker' || source === 'podman')
    return image.imageId && `spacectl ca-bundle inspect ${image.imageId.slice(0, SHOWN_ID)} reads all of the image`;
  return `spacectl ca-bundle inspect ${quoteIfNeeded(image.reference)} reads all layers`;
}

/** Notes what becomes of certificates that are rejected by default. */
function policyOf(given: BundleValues): LockedPolicy | undefined {
  const expired = given['allow-expired'] ? 'keep' : given['skip-expired'] ? 'skip' : undefined;
  const [allowNonCa, skipNonCa] = [given['allow-non-ca'], given['skip-non-ca']];
  if (!expired && !allowNonCa && !skipNonCa) return undefined;
  return { ...(expired && { expired }), ...(allowNonCa && { allowNonCa }), ...(skipNonCa && { skipNonCa }) };
}

const MOZILLA_WARNING =
  "The base of the bundle is Node's copy of the Mozilla roots, not the runner image's own bundle. For production, build it from the image";

/** Rejects an output that is also an input: a second run would extend the extended bundle. */
async function rejectInputAsOutput({ ca, image, output }: BundleValues): Promise<void> {
  const target = await realPathOf(output);
  const base = image && 'path' in image ? image.path : undefined;
  if (base !== undefined && isWithin(await realPathOf(base), target)) {
    throw new UserError('SPACECTL_BAD_INPUT', `--output ${output} would overwrite its input: --image ${base}`);
  }
  for (const file of ca.flatMap(({ files }) => files)) {
    if ((await realPathOf(file.path)) !== target) continue;
    throw new UserError('SPACECTL_BAD_INPUT', `--output ${output} would overwrite its input: --ca ${file.path}`);
  }
  if (!CERTIFICATE_FILE.test(target)) return;
  const folder = await realPathOf(path.dirname(target));
  for (const { folder: read } of ca) {
    if (read === undefined || (await realPathOf(read)) !== folder) continue;
    throw new UserError(
      'SPACECTL_BAD_INPUT',
      `--output ${output} is in the directory of --ca ${read}: the next run would read it`,
      {
        suggestions: ['Pass --output FILE in another directory'],
      },
    );
  }
}

/** Reports whether a path is the other one, or is in it. */
function isWithin(outer: string, file: string): boolean {
  return file === outer || file.startsWith(`${outer}${path.sep}`);
}

/** Resolves the links of a path; a path that does not exist is made absolute. */
async function realPathOf(file: string): Promise<string> {
  return realpath(file).catch(() => path.resolve(file));
}
