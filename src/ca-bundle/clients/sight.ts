import type { Client, Reading } from './client.ts';
import type { Mounted } from './mounted.ts';

/** Says whether a client sees the bundle, given what is mounted. */
export function sightOf(reading: Reading, mounted: Mounted): Client {
  const { client, files, isFirstEnough = false, directories = [], variable, uncertainty, basis, source } = reading;
  const isSeen = seesBundle(reading, mounted);
  const sees = isSeen ? 'yes' : isSeen === undefined ? 'unknown' : variable === undefined ? 'no' : 'with variable';
  const first = files.find((file) => mounted.isAt(file) !== false || mounted.targetOf(file).kind === 'file');
  const reads = [...(isFirstEnough && first !== undefined ? [first] : files), ...directories];
  const known = uncertainty === undefined ? { basis, source } : ({ basis: 'documented', source: uncertainty } as const);
  return { client, reads, sees, ...(!isSeen && variable !== undefined && { variable }), ...known };
}

/** Lists the paths over which the bundle must be mounted for a client to see it; none where that is not known. */
export function missingMounts(reading: Reading, mounted: Mounted): readonly string[] {
  const { files, isFirstEnough = false, isOwnStore = false } = reading;
  if (isOwnStore || files.length === 0 || seesBundle(reading, mounted) !== false) return [];
  if (!isFirstEnough) return files.filter((file) => mounted.isAt(file) === false);
  return [files.find((file) => mounted.targetOf(file).kind === 'file') ?? (files[0] as string)];
}

function seesBundle(
  { files, directories = [], isFirstEnough = false, isOwnStore = false, uncertainty }: Reading,
  mounted: Mounted,
): boolean | undefined {
  if (uncertainty !== undefined) return undefined;
  if (isOwnStore) return files.length > 0 && files.every((file) => mounted.isAt(file));
  if (files.length === 0 && directories.length === 0) return undefined;
  const inFiles = isFirstEnough ? firstIsBundle(files, mounted) : allAreBundle(files, mounted);
  if (inFiles) return true;
  const answers = [inFiles, ...directories.map((each) => mounted.isIn(each))];
  if (answers.includes(true)) return true;
  return answers.includes(undefined) ? undefined : false;
}

/** Reports whether the first of some files that exists is the bundle. An empty file exists. */
function firstIsBundle(files: readonly string[], mounted: Mounted): boolean | undefined {
  for (const file of files) {
    const isBundle = mounted.isAt(file);
    if (isBundle !== false) return isBundle;
    if (mounted.targetOf(file).kind === 'file') return false;
  }
  return false;
}

function allAreBundle(files: readonly string[], mounted: Mounted): boolean | undefined {
  const answers = files.map((file) => mounted.isAt(file));
  if (answers.includes(false) || files.length === 0) return false;
  return answers.includes(undefined) ? undefined : true;
}
