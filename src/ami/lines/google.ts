import { describeGoogleImage, type GoogleImage } from '../../cloud-accounts/index.ts';
import { dateFrom } from '../../core/date.ts';
import { daysUntil, type ImageStatus, type Lifecycle, type When } from '../status.ts';
import { ageWords, statusByAge } from './age.ts';
import { type Asking, askCloud } from './ask-cloud.ts';
import type { GoogleReference } from './reference.ts';
import { googleFamilyOf, type ImageLine, lineOf, readGoogleName } from './spacelift-lines.ts';

/** Says where an image of Google Cloud stands, or the newest of a family. */
export async function checkGoogleImage(reference: GoogleReference, when: When, how: Asking): Promise<Lifecycle> {
  const line = lineOf(reference);
  const named = 'name' in reference && googleFamilyOf(reference) ? readGoogleName(reference.name) : undefined;
  const answer = await askCloud(how, (signal) => describeGoogleImage(reference, signal));
  if ('problem' in answer)
    return byName(answer.problem, { line, released: named?.released, isFamily: 'family' in reference, when });
  if (!answer.found) return { status: 'gone', note: 'Google Cloud has no such image or family' };
  return described(reference, answer.found, { line, when });
}

/** Says what is known without Google Cloud. A family of Spacelift's is built every week; an image has its date in its name. */
function byName(
  problem: string,
  known: { line: ImageLine | undefined; released: Date | undefined; isFamily: boolean; when: When },
): Lifecycle {
  const { line, released, isFamily, when } = known;
  const base = { ...(line && { architecture: line.architecture }), ...(released && { released }) };
  if (isFamily && line)
    return {
      ...base,
      status: 'current',
      note: `Spacelift builds this family; its newest image is not known (${problem})`,
    };
  const age = released ? `it is ${ageWords(released, when)}; ` : '';
  return {
    ...base,
    status: statusByAge(released, when) ?? 'unknown',
    note: `${age}Google Cloud could not be queried (${problem})`,
  };
}

function described(
  reference: GoogleReference,
  image: GoogleImage,
  { line, when }: { line: ImageLine | undefined; when: When },
): Lifecycle {
  const released = dateFrom(image.creationTimestamp);
  const architecture = line?.architecture ?? image.architecture?.toLowerCase();
  const deprecates = dateFrom(image.deprecated?.deprecated ?? '');
  const newest = 'family' in reference ? `its newest image is ${image.name}, ` : 'it is ';
  return {
    status: statusOf(image, { isOfSpacelift: line !== undefined, released, deprecates, when }),
    ...(architecture && { architecture }),
    ...(deprecates && { deprecates, daysLeft: daysUntil(deprecates, when.now) }),
    ...(released && { released, note: `${newest}${ageWords(released, when)}` }),
  };
}

/**
 * `DEPRECATED` images can be used, with a warning; `OBSOLETE` and `DELETED` ones cannot (Compute Engine API v1, images,
 * `deprecated.state`). Dates of a deprecation are announcements: the state changes only when the owner changes it.
 */
function statusOf(
  { deprecated, status }: GoogleImage,
  known: { isOfSpacelift: boolean; released: Date | undefined; deprecates: Date | undefined; when: When },
): ImageStatus {
  const { isOfSpacelift, released, deprecates, when } = known;
  if (deprecated?.state === 'OBSOLETE' || deprecated?.state === 'DELETED') return 'not available';
  if (status !== undefined && status !== 'READY') return 'not available';
  if (deprecated?.state === 'DEPRECATED') return 'deprecated';
  if (isOfSpacelift && statusByAge(released, when)) return 'outdated';
  return deprecates && daysUntil(deprecates, when.now) <= when.warnDays ? 'deprecates soon' : 'current';
}
