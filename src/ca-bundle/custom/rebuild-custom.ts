import { UserError } from '../../core/errors.ts';
import { sha256 } from '../../core/sha256.ts';
import { readFileIfExists } from '../../files/read.ts';
import type { Certificate } from '../../x509/index.ts';
import type { Custom } from '../changes.ts';
import {
  customCertificatesIn,
  type Format,
  type Lock,
  type LockedFile,
  type LockedSource,
  pathFromLock,
  pathInLock,
  STANDARD_INPUT,
} from '../lock/lock.ts';
import type { CustomCertificate } from './custom-certificates.ts';
import { listFolder } from './given.ts';
import type { Policy } from './policy.ts';

/**
 * Reads the custom certificates again: from the files that `--ca` gave, as they are now. Those of standard input, and of
 * files that no longer exist, are taken from the bundle.
 *
 * @returns `notes` about certificates that were skipped
 * @throws UserError `SPACECTL_BAD_DATA` naming the first that cannot be found; as `readCustomCertificates`
 */
export async function readCustomAgain(
  lock: Lock,
  lockFile: string,
  bundle: Buffer | undefined,
  file: string,
): Promise<Custom & { readonly notes: readonly string[] }> {
  const { readCustomCertificates } = await import('./custom-certificates.ts');
  const inBundle = await certificatesIn(bundle, lock.format ?? 'pem', file);
  const certificates: CustomCertificate[] = [];
  const notes: string[] = [];
  const kept = new Set<string>();
  const keep = (source: string) => {
    if (kept.has(source)) return;
    kept.add(source);
    for (const { fingerprint, subject } of customCertificatesIn(lock).filter((each) => each.source === source)) {
      const certificate = inBundle.get(fingerprint);
      if (!certificate) throw lost(subject, file, pathFromLock(source, lockFile));
      certificates.push({ ...certificate, source });
    }
  };
  const read = async (
    source: string,
    recorded: string | undefined,
    isInFolder: boolean,
  ): Promise<LockedFile | undefined> => {
    const name = pathFromLock(source, lockFile);
    const bytes = await readFileIfExists(name);
    if (!bytes) {
      keep(source);
      return recorded === undefined ? undefined : { path: source, sha256: recorded };
    }
    const policy = policyFor(lock, sha256(bytes) === recorded);
    const found = readCustomCertificates(bytes, name, policy, isInFolder);
    for (const each of found.certificates) certificates.push({ ...each, source });
    for (const each of found.skipped) notes.push(`Skipped: ${each}`);
    return { path: source, sha256: sha256(bytes) };
  };
  const given: LockedSource[] = [];
  for (const source of lock.given) {
    const { folder, files } = source;
    const present = folder === undefined ? undefined : await listFolder(pathFromLock(folder, lockFile));
    const sources = present?.map((each) => pathInLock(each, lockFile)) ?? files.map((each) => each.path);
    if (folder === undefined && files.length === 0) keep(STANDARD_INPUT);
    const readNow: LockedFile[] = [];
    for (const each of sources) {
      const recorded = files.find(({ path }) => path === each)?.sha256;
      const now = await read(each, recorded, folder !== undefined);
      if (now) readNow.push(now);
    }
    given.push({ ...source, files: readNow });
  }
  return { certificates, given, policy: lock.policy, notes };
}

/** Returns how the certificates of a file are checked. What was accepted once stays, even if it has expired since. */
function policyFor({ policy }: Lock, isAsBuilt: boolean): Policy {
  const expired = policy?.expired ?? (isAsBuilt ? 'keep' : 'refuse');
  const [allowNonCa, skipNonCa] = [policy?.allowNonCa === true, policy?.skipNonCa === true];
  return { expired, allowNonCa, skipNonCa, now: new Date() };
}

/** Returns the certificates of a bundle by their fingerprints. */
async function certificatesIn(
  bundle: Buffer | undefined,
  format: Format,
  file: string,
): Promise<ReadonlyMap<string, Certificate>> {
  if (!bundle) return new Map();
  const { contentsOf } = await import('../../x509/index.ts');
  const { bundleIn } = await import('../formats/formats.ts');
  const all = contentsOf(await bundleIn(bundle, format), file);
  return new Map(all.flatMap(({ certificate }) => (certificate ? [[certificate.fingerprint, certificate]] : [])));
}

function lost(subject: string, bundle: string, file: string): UserError {
  return new UserError('SPACECTL_BAD_DATA', `${subject} is neither in ${bundle} nor in ${file}`, {
    suggestions: [{ command: 'spacectl ca-bundle build --ca FILE' }],
  });
}
