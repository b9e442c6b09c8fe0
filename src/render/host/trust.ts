import path from 'node:path';
import { addedCertificates, BUNDLE_FILE, DEFAULT_RUNNER_IMAGE, LOCK_FILE, readLock } from '../../ca-bundle/index.ts';
import { UserError } from '../../core/errors.ts';
import { quoteForShell } from '../../core/text.ts';
import { type Content, known } from '../../step/content.ts';
import type { Planner } from '../../step/plan.ts';
import { fillTemplate } from '../format/template.ts';
import type { Mount } from './launcher-settings.ts';

/** How a host gets the CA bundle for its runner containers. */
export interface Trust {
  /** The finished bundle, if it is shipped. */
  readonly bundle?: Content;
  /** Only the custom certificates, PEM: for a host that builds the bundle, or that trusts them itself. */
  readonly certificates?: Content;
  /** Where a bundle is mounted into runner containers. */
  readonly mounts: readonly Mount[];
  /** The runner image that the bundle was built from, if the lock file names it. */
  readonly image: string;
}

export const HOST_BUNDLE = '/etc/spacelift/custom-ca-bundle.crt';
/** RootlessKit shows its daemon /etc as it was when the daemon started, so newer files there cannot be mounted. */
export const ROOTLESS_BUNDLE = '/var/lib/spacelift/custom-ca-bundle.crt';
const USUAL_PATH = '/etc/ssl/certs/ca-certificates.crt';

/** Finds the bundle in the pool's folder, or about to be written into it. Returns `undefined` if there is none. */
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
  const lock = lockContent && (await readLock(await lockContent.bytes(), lockFile));
  const all = [...new Set([...(lock?.mountPaths ?? [lock?.mountPath ?? USUAL_PATH]), ...paths])];
  const added = lock && (await addedCertificates(await bundle.bytes(), lock));
  if (isHostBuilt && !added?.length) throw unknownCertificates(path.join(dir, BUNDLE_FILE), lockFile);
  const certificates = added && known(added);
  const image = lock?.image?.reference ?? DEFAULT_RUNNER_IMAGE;
  // A host builds one bundle for each path, because an image may trust different certificates at each.
  const fileFor = (index: number) => (isHostBuilt && index > 0 ? file.replace('.crt', `-${index + 1}.crt`) : file);
  const mounts = all.map((each, index) => ({ file: fileFor(index), path: each }));
  return { ...(!isHostBuilt && { bundle }), ...(certificates && { certificates }), mounts, image };
}

/** Renders the script that builds the bundle on the host. */
export function renderBundleScript({ mounts, image }: Pick<Trust, 'mounts' | 'image'>): Promise<string> {
  const lines = mounts.map(({ file, path: inImage }) => `${file}:${inImage}`).join('\n');
  return fillTemplate('host/spacelift-update-ca-bundle', { mounts: lines, image }, quoteForShell);
}

/** A host that builds the bundle needs the custom certificates on their own. */
function unknownCertificates(bundle: string, lockFile: string): UserError {
  return new UserError('SPACECTL_BAD_DATA', `${lockFile} does not say which certificates in ${bundle} are your own`, {
    suggestions: [
      { text: 'Build both again', command: 'spacectl ca-bundle build --ca FILE' },
      'Ship the finished bundle: --ca-strategy inline',
    ],
  });
}
