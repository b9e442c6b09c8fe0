import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { counted } from '../core/words.ts';
import { known } from '../step/content.ts';
import type { Values } from '../step/input.ts';
import type { Plan, Planner } from '../step/plan.ts';
import { baseOf } from './base/base.ts';
import { bundleChanges, notedBase } from './changes.ts';
import type { CustomCertificate } from './custom-certificates.ts';
import { additionalRootCas } from './formats.ts';
import { type buildInputs, CERTIFICATE_FILE, SECRET_NAME } from './inputs.ts';
import { lockFileOf, pathInLock } from './lock.ts';
import { concernsAbout } from './policy.ts';

type BuildOnly = 'format' | 'secret-name' | 'namespace';
type Build = Values<typeof buildInputs>;
/** The wizard makes PEM, which is what the hosts need. */
export type BundleValues = Omit<Build, BuildOnly> & Partial<Pick<Build, BuildOnly>>;

/** The runner image's own bundle, extended; and beside it the lock file that says what it was made from. */
export async function planBundle(given: BundleValues, planner: Planner): Promise<Plan> {
  await refuseInputAsOutput(given);
  const custom = given.ca.flatMap(({ certificates }) => certificates);
  const concerns = (about: readonly CustomCertificate[]) =>
    about.flatMap((each) => concernsAbout(each, new Date()).map((concern) => `${each.subject} ${concern}`));
  const leftOut = given.ca.flatMap(({ skipped }) => skipped.map((each) => `Left out: ${each}`));
  if (given.format === 'additional-root-cas') {
    const { bytes, warnings, next } = additionalRootCas(custom, given.output);
    const change = await planner.file({ path: given.output, content: known(bytes) });
    return { changes: [change], notes: leftOut, warnings: [...concerns(custom), ...warnings], next };
  }
  const lockFile = lockFileOf(given.output);
  const base = notedBase(await baseOf(given, planner), lockFile);
  const noted = given.ca.flatMap(({ files, certificates }) =>
    // Standard input is no path.
    files.length === 0
      ? certificates
      : certificates.map((each) => ({ ...each, source: pathInLock(each.source, lockFile) })),
  );
  const { format = 'pem', 'secret-name': name = SECRET_NAME, namespace } = given;
  const target = { output: given.output, format, place: { name, namespace } };
  const { changes, extended, lock, shaped } = await bundleChanges(base, noted, target, planner);
  const repeated = noted.length - extended.added.length;
  return {
    changes,
    notes: [
      `CA bundle: ${counted(extended.baseCertificates, 'certificate')} from ${base.origin}, ${extended.added.length} added${repeated > 0 ? `, ${repeated} there already` : ''}`,
      ...leftOut,
    ],
    warnings: [
      ...concerns(extended.added),
      ...extended.warnings,
      ...shaped.warnings,
      ...(base.provenance.mozilla ? [MOZILLA_WARNING] : []),
      ...base.warnings,
    ],
    next: shaped.next,
    facts: { output: path.resolve(given.output), ...lock },
  };
}

const MOZILLA_WARNING =
  "The base of the bundle is Node's copy of the Mozilla roots, not the runner image's own: for production, build it from the image";

/** The bundle must never be read and written in one go: a second run would extend the extension. */
async function refuseInputAsOutput({ ca, image, output }: BundleValues): Promise<void> {
  const target = await realPathOf(output);
  const base = image && 'path' in image ? image.path : undefined;
  if (base !== undefined && isWithin(await realPathOf(base), target)) {
    throw new UserError('SPACECTL_BAD_INPUT', `--output ${output} is what it is made from, or lies in it: ${base}`);
  }
  for (const file of ca.flatMap(({ files }) => files)) {
    if ((await realPathOf(file)) !== target) continue;
    throw new UserError('SPACECTL_BAD_INPUT', `--output ${output} is one of the files it is made from: ${file}`);
  }
  if (!CERTIFICATE_FILE.test(target)) return;
  const folder = await realPathOf(path.dirname(target));
  for (const { folder: read } of ca) {
    if (read === undefined || (await realPathOf(read)) !== folder) continue;
    throw new UserError('SPACECTL_BAD_INPUT', `--output ${output} would be one more file of --ca ${read}`, {
      suggestions: ['Give --output a place beside that folder, not in it'],
    });
  }
}

/** Whether a path is the other one, or leads into it. */
function isWithin(outer: string, file: string): boolean {
  return file === outer || file.startsWith(`${outer}${path.sep}`);
}

/** Where a path leads, through links; the path itself where there is nothing yet. */
async function realPathOf(file: string): Promise<string> {
  return realpath(file).catch(() => path.resolve(file));
}
