import path from 'node:path';
import { addedCertificates, BUNDLE_FILE, DEFAULT_RUNNER_IMAGE, LOCK_FILE, readLock } from '../../ca-bundle/index.ts';
import { UserError } from '../../core/errors.ts';
import { quoteForShell } from '../../core/words.ts';
import { type Content, known } from '../../step/content.ts';
import type { Planner } from '../../step/plan.ts';
import { fillTemplate } from '../format/template.ts';
import type { Mount } from './launcher-settings.ts';

/** How a host comes by what its runner containers trust. */
export interface Trust {
  /** The finished bundle, where it is shipped. */
  readonly bundle?: Content;
  /** The custom certificates alone, PEM: for a host that builds the bundle, or trusts them itself. */
  readonly certificates?: Content;
  /** Where runner containers get to see a bundle. */
  readonly mounts: readonly Mount[];
  /** The runner image the bundle was made from, if the lock file says. */
  readonly image: string;
}

export const HOST_BUNDLE = '/etc/spacelift/custom-ca-bundle.crt';
/** RootlessKit shows its daemon /etc as it was when the daemon started: what came later could not be mounted from there. */
export const ROOTLESS_BUNDLE = '/var/lib/spacelift/custom-ca-bundle.crt';
const USUAL_PATH = '/etc/ssl/certs/ca-certificates.crt';

/** From what is in the pool's folder, or is about to be; `undefined` without a bundle there. */
export async function trustFor(
  {
    dir,
    isHostBuilt,
    paths,
    file = HOST_BUNDLE,
  }: { dir: string; isHostBuilt: boolean; paths: readonly string[]; file?: string },
  planner: Planner,
): Promise<Trust | undefined> {
  const bundle = await planner.read(path.join(dir, BUNDLE_FILE));
  if (!bundle) return undefined;
  const lockFile = path.join(dir, LOCK_FILE);
  const lockContent = await planner.read(lockFile);
  const lock = lockContent && readLock(await lockContent.bytes(), lockFile);
  const all = [...new Set([...(lock?.mountPaths ?? [lock?.mountPath ?? USUAL_PATH]), ...paths])];
  const added = lock && (await addedCertificates(await bundle.bytes(), lock));
  if (isHostBuilt && !added?.length) throw unknownCertificates(path.join(dir, BUNDLE_FILE), lockFile);
  const certificates = added && known(added);
  const image = lock?.image?.reference ?? DEFAULT_RUNNER_IMAGE;
  // Built on the host, each path has a bundle of its own, for an image may trust different things at each.
  const fileFor = (index: number) => (isHostBuilt && index > 0 ? file.replace('.crt', `-${index + 1}.crt`) : file);
  const mounts = all.map((each, index) => ({ file: fileFor(index), path: each }));
  return { ...(!isHostBuilt && { bundle }), ...(certificates && { certificates }), mounts, image };
}

/** The script that builds the bundle on the host. */
export function renderBundleScript({ mounts, image }: Pick<Trust, 'mounts' | 'image'>): Promise<string> {
  const lines = mounts.map(({ file, path: inImage }) => `${file}:${inImage}`).join('\n');
  return fillTemplate('host/spacelift-update-ca-bundle', { mounts: lines, image }, quoteForShell);
}

/** A host can only add what it is given apart from the rest. */
function unknownCertificates(bundle: string, lockFile: string): UserError {
  return new UserError('SPACECTL_BAD_DATA', `${lockFile} does not say which certificates of ${bundle} are your own`, {
    suggestions: ['spacectl ca-bundle build --ca FILE makes both', '--ca-strategy inline ships the bundle as it is'],
  });
}
