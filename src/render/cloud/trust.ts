import { LOCK_FILE } from '../../ca-bundle/index.ts';
import { UserError } from '../../core/errors.ts';
import { sha256 } from '../../core/sha256.ts';
import { quoteIfNeeded } from '../../core/text.ts';
import type { Content } from '../../step/content.ts';
import type { Planner } from '../../step/plan.ts';
import type { Mount } from '../host/launcher-settings.ts';
import { renderBundleScript, trustFor as trustOf } from '../host/trust.ts';
import type { Delivery } from './boot-script.ts';
import { CLOUD_TITLES, type Cloud, OBJECT_STORES } from './limits.ts';

/** How the workers of a cloud get the CA bundle. */
export interface CloudTrust {
  /** `undefined` if runner containers get no bundle. */
  readonly delivery: Delivery | undefined;
  readonly mounts: readonly Mount[];
  /** Only the custom certificates, PEM. */
  readonly certificates: Uint8Array;
  /** The bundle, a file beside the configuration that uploads it. */
  readonly upload: Content | undefined;
}

/**
 * Returns how the bundle in the pool's folder gets to the hosts, or `undefined` if there is none.
 * @throws UserError `SPACECTL_BAD_INPUT` for another cloud's object store
 */
export async function trustFor(
  cloud: Cloud,
  {
    dir,
    'ca-delivery': way,
  }: { readonly dir: string; readonly 'ca-delivery': 'host' | 'inline' | 's3' | 'blob' | 'gcs' | 'none' },
  planner: Planner,
): Promise<CloudTrust | undefined> {
  if (!['host', 'inline', 'none', OBJECT_STORES[cloud]].includes(way)) {
    throw new UserError('SPACECTL_BAD_INPUT', `--ca-delivery ${way} is not available on ${CLOUD_TITLES[cloud]}`, {
      suggestions: [`Pass --ca-delivery ${OBJECT_STORES[cloud]}`],
    });
  }
  const trust = await trustOf({ dir, isHostBuilt: way === 'host', paths: [] }, planner);
  if (!trust) return undefined;
  const certificates = await trust.certificates?.bytes();
  if (!certificates) {
    throw new UserError('SPACECTL_BAD_DATA', `${dir} has no ${LOCK_FILE}, which lists your own certificates`, {
      suggestions: [{ command: `spacectl ca-bundle build --dir ${quoteIfNeeded(dir)} --ca FILE` }],
    });
  }
  if (way === 'none') return { delivery: undefined, mounts: [], certificates, upload: undefined };
  const { mounts } = trust;
  if (!trust.bundle) {
    const script = Buffer.from(await renderBundleScript(trust));
    return { delivery: { by: 'host', certificates, script }, mounts, certificates, upload: undefined };
  }
  const bundle = await trust.bundle.bytes();
  if (way === 'inline') return { delivery: { by: 'inline', bundle }, mounts, certificates, upload: undefined };
  const digest = sha256(bundle);
  return { delivery: { by: 'store', digest }, mounts, certificates, upload: trust.bundle };
}
