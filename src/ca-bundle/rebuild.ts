import { UserError } from '../core/errors.ts';
import type { Planner } from '../step/plan.ts';
import { readBase } from './base/base.ts';
import { USUAL_PATHS } from './base/defaults.ts';
import type { Access } from './base/inputs.ts';
import type { Base, BaseLocation } from './base/store.ts';
import { isStandardInput, isStored, type Lock, pathFromLock } from './lock/lock.ts';

/** Reports whether the base came from standard input, which cannot be read again. */
export function isBaseGone({ image, file }: Lock): boolean {
  return isStandardInput(image?.reference ?? file?.path ?? '');
}

/**
 * Reads the base again from the source in the lock file.
 * @throws UserError `SPACECTL_BAD_INPUT` if it came from standard input; as `readBase`
 */
export async function readBaseAgain(lock: Lock, lockFile: string, access: Access, planner: Planner): Promise<Base> {
  if (isBaseGone(lock)) {
    throw new UserError('SPACECTL_BAD_INPUT', `The base in ${lockFile} was read from standard input, which is gone`, {
      suggestions: [{ command: 'docker save IMAGE | spacectl ca-bundle build --ca FILE --image -' }],
    });
  }
  const { parsePlatform } = await import('../oci/index.ts');
  const { image, source } = lock;
  const usual = USUAL_PATHS as readonly string[];
  const isFast = image?.unverifiedLayers !== undefined;
  const base = await readBase(
    {
      ...access,
      source,
      // As it was built.
      'all-paths': lock.allPaths ?? (lock.mountPaths !== undefined && lock.clients === undefined),
      verify: isFast ? 'fast' : 'full',
      'allow-unverified': isFast,
      offline: false,
      image: await locationOf(lock, lockFile),
      platform: parsePlatform(image?.platform ?? 'linux/amd64'),
      // A bundle that was at a usual path may be at another one of them now.
      'image-path': image && usual.includes(image.path) ? undefined : lock.mountPath,
    },
    planner,
  );
  const { file, image: found } = base.provenance;
  // The resolved paths depend on the working directory: keep those of the lock file.
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
  return parseLocation(isStored(source) ? pathFromLock(image.reference, lockFile) : image.reference, source);
}
