import { UserError } from '../core/errors.ts';
import { readFileIfThere } from '../files/read.ts';
import type { Planner } from '../step/plan.ts';
import { baseOf } from './base/base.ts';
import { USUAL_PATHS } from './base/defaults.ts';
import type { Access } from './base/inputs.ts';
import type { Base, BaseLocation } from './base/store.ts';
import type { CustomCertificate } from './custom-certificates.ts';
import { customOf, type Lock, pathFromLock } from './lock.ts';

/** Gets the base again from where the lock file says it came from. */
export async function baseAgain(lock: Lock, lockFile: string, access: Access, planner: Planner): Promise<Base> {
  const { parsePlatform } = await import('../oci/index.ts');
  const { image, source } = lock;
  const usual = USUAL_PATHS as readonly string[];
  const isFast = image?.unverifiedLayers !== undefined;
  const base = await baseOf(
    {
      ...access,
      source,
      // As it was built.
      'all-paths': lock.mountPaths !== undefined,
      verify: isFast ? 'fast' : 'full',
      'allow-unverified': isFast,
      offline: false,
      image: await locationOf(lock, lockFile),
      platform: parsePlatform(image?.platform ?? 'linux/amd64'),
      // Found at a usual path, it may be at another one of them by now.
      'image-path': image && usual.includes(image.path) ? undefined : lock.mountPath,
    },
    planner,
  );
  const { file, image: found } = base.provenance;
  // Noted again as it was: where it was looked for depends on the working directory.
  return {
    ...base,
    provenance: {
      ...base.provenance,
      ...(file && lock.file && { file: lock.file }),
      ...(found && image && { image: { ...found, reference: image.reference } }),
    },
  };
}

async function locationOf({ source, file, image }: Lock, lockFile: string): Promise<BaseLocation | undefined> {
  if (source === 'file') return { kind: 'file', path: pathFromLock(file?.path ?? '', lockFile) };
  if (source === 'mozilla' || !image) return undefined;
  const { parseLocation } = await import('../oci/index.ts');
  const isStored = source === 'archive' || source === 'oci-layout';
  return parseLocation(isStored ? pathFromLock(image.reference, lockFile) : image.reference, source);
}

/**
 * Finds the custom certificates of a bundle again: in the bundle, or else in the files they came from.
 * @throws UserError `SPACECTL_BAD_DATA` naming the first that is nowhere
 */
export async function customAgain(
  lock: Lock,
  lockFile: string,
  bundle: Buffer | undefined,
  file: string,
): Promise<readonly CustomCertificate[]> {
  const { contentsOf } = await import('../x509/index.ts');
  const { bundleIn } = await import('./formats.ts');
  const found = new Map<string, CustomCertificate>();
  const look = (bytes: Buffer, name: string) => {
    for (const { certificate } of contentsOf(bytes, name)) {
      if (certificate && !found.has(certificate.fingerprint))
        found.set(certificate.fingerprint, { ...certificate, source: name });
    }
  };
  if (bundle) look(await bundleIn(bundle, lock.format ?? 'pem'), file);
  const custom: CustomCertificate[] = [];
  // One after the other: a file that several are from is read once, and the first that is nowhere is the one that is named.
  for (const { fingerprint, subject, source } of customOf(lock)) {
    const given = pathFromLock(source, lockFile);
    const bytes = found.has(fingerprint) ? undefined : await readFileIfThere(given);
    if (bytes) look(bytes, given);
    const certificate = found.get(fingerprint);
    if (!certificate) {
      throw new UserError('SPACECTL_BAD_DATA', `${subject} is neither in ${file} nor in ${given} any more`, {
        suggestions: ['spacectl ca-bundle build --ca FILE'],
      });
    }
    custom.push({ ...certificate, source });
  }
  return custom;
}
