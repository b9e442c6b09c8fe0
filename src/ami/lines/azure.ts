import { type CommunityImageVersion, listCommunityImageVersions } from '../../cloud-accounts/index.ts';
import { dateFrom } from '../../core/date.ts';
import { daysUntil, type ImageStatus, type Lifecycle, type When } from '../status.ts';
import { ageWords, endedLine, statusByAge } from './age.ts';
import { type Asking, askCloud } from './ask-cloud.ts';
import type { AzureReference } from './reference.ts';
import { GALLERY_REGION, type ImageLine, lineOf } from './spacelift-lines.ts';

/** Says where a version of an image in Spacelift's community gallery on Azure stands. */
export async function checkCommunityImage(reference: AzureReference, when: When, how: Asking): Promise<Lifecycle> {
  const line = lineOf(reference);
  if (!line) return { status: 'unknown', note: 'it is not a Spacelift image: only its owner knows how old it is' };
  const answer = await askCloud(how, (signal) =>
    listCommunityImageVersions({ ...reference, location: GALLERY_REGION }, signal),
  );
  const versions = 'found' in answer ? (answer.found ?? []) : [];
  const wanted = versionOf(reference.version, versions);
  const released = wanted && dateFrom(wanted.publishedDate ?? '');
  if (line.endedOn) return endedLine(line, released);
  const { architecture } = line;
  if ('problem' in answer) {
    if (reference.version !== 'latest')
      return { status: 'unknown', architecture, note: `Azure could not be queried (${answer.problem})` };
    const note = `Spacelift builds this line; its newest version is not known (${answer.problem})`;
    return { status: 'current', architecture, note };
  }
  if (!wanted)
    return { status: 'gone', architecture, note: `Spacelift's gallery has no such version in ${GALLERY_REGION}` };
  return describedVersion(wanted, { line, released, newest: versionOf('latest', versions), when });
}

/** Finds a version. `latest` is the highest that is not excluded from it, as for Azure itself. */
function versionOf(version: string, versions: readonly CommunityImageVersion[]): CommunityImageVersion | undefined {
  if (version !== 'latest') return versions.find(({ name }) => name === version);
  return versions
    .filter(({ excludeFromLatest }) => excludeFromLatest !== true)
    .toSorted((one, other) => one.name.localeCompare(other.name, 'en', { numeric: true }))
    .at(-1);
}

function describedVersion(
  version: CommunityImageVersion,
  known: { line: ImageLine; released: Date | undefined; newest: CommunityImageVersion | undefined; when: When },
): Lifecycle {
  const { line, released, newest, when } = known;
  const deprecates = dateFrom(version.endOfLifeDate ?? '');
  const daysLeft = deprecates && daysUntil(deprecates, when.now);
  const age = released ? `, ${ageWords(released, when)}` : '';
  const isNewest = version.name === newest?.name;
  return {
    status: statusOf(daysLeft, released, when),
    architecture: line.architecture,
    ...(daysLeft !== undefined && { daysLeft }),
    ...(released && { released }),
    ...(deprecates && { deprecates }),
    note: `version ${version.name}${age}${isNewest ? ' (the newest)' : newest ? `; the newest is ${newest.name}` : ''}`,
  };
}

function statusOf(daysLeft: number | undefined, released: Date | undefined, when: When): ImageStatus {
  if (daysLeft !== undefined && daysLeft <= 0) return 'deprecated';
  const outdated = statusByAge(released, when);
  if (outdated) return outdated;
  return daysLeft !== undefined && daysLeft <= when.warnDays ? 'deprecates soon' : 'current';
}
