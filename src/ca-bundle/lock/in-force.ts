import path from 'node:path';
import { readFileIfExists } from '../../files/read.ts';
import { isStandardInput, isStored, LOCK_FILE, pathFromLock } from './lock.ts';
import { readLock } from './read-lock.ts';

/**
 * Returns the answers that the bundle of a directory was built with, by the names of inputs, as its lock file has them.
 * What was read from standard input or a pipe cannot be named, and is left out.
 * @throws UserError as `readLock`
 */
export async function inForceIn(dir: string): Promise<Readonly<Record<string, readonly string[]>>> {
  const file = path.join(dir, LOCK_FILE);
  const bytes = await readFileIfExists(file);
  if (!bytes) return {};
  const { given, source, image, file: base, policy = {} } = readLock(bytes, file);
  const ca = given.flatMap(({ folder, files: [first] }) => folder ?? first?.path ?? []);
  if (ca.length === 0) return {};
  const reference = image?.reference ?? base?.path;
  const isPath = isStored(source) || source === 'file';
  const isNamed = reference !== undefined && !isStandardInput(reference);
  return {
    ca: ca.map((each) => pathFromLock(each, file)),
    ...(source === 'mozilla' && { source: [source] }),
    ...(isNamed && { image: [isPath ? pathFromLock(reference, file) : reference] }),
    ...(policy.expired && { [`${policy.expired === 'keep' ? 'allow' : 'skip'}-expired`]: ['true'] }),
    ...(policy.allowNonCa && { 'allow-non-ca': ['true'] }),
    ...(policy.skipNonCa && { 'skip-non-ca': ['true'] }),
  };
}
