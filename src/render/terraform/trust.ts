import { createHash } from 'node:crypto';
import path from 'node:path';
import { addedCertificates, BUNDLE_FILE, LOCK_FILE, readLock } from '../../ca-bundle/index.ts';
import { type Content, known } from '../../step/content.ts';
import { UserError } from '../../step/errors.ts';
import type { Values } from '../../step/input.ts';
import type { Planner } from '../../step/plan.ts';
import type { Delivery } from './boot-script.ts';
import type { commonInputs } from './inputs.ts';
import type { Cloud } from './modules.ts';

/** Where the bundle lies on a host. */
const HOST_BUNDLE = '/etc/spacelift/custom-ca-bundle.crt';
const RUNNER_IMAGE = 'public.ecr.aws/spacelift/runner-terraform:latest';
const STORES = { aws: 's3', azure: 'blob', gcp: 'gcs' } as const;

/** What the workers are to trust beyond their image. */
export interface Trust {
  readonly delivery: Delivery;
  /** For SPACELIFT_WORKER_EXTRA_MOUNTS. */
  readonly mount: string;
  /** The custom certificates alone, PEM. */
  readonly certificates: Buffer;
  /** The bundle, to lie beside the configuration that uploads it. */
  readonly upload: Content | undefined;
}

/**
 * How the bundle in the pool's folder gets to the hosts; nothing where there is none.
 * @throws UserError `SPACECTL_BAD_INPUT` for another cloud's object store
 */
export async function trustFor(
  cloud: Cloud,
  { dir, 'ca-delivery': way }: Pick<Values<typeof commonInputs>, 'dir' | 'ca-delivery'>,
  planner: Planner,
): Promise<Trust | undefined> {
  if (way !== 'host' && way !== 'inline' && way !== STORES[cloud]) {
    throw new UserError('SPACECTL_BAD_INPUT', `--ca-delivery ${way} is not for ${cloud}; there it is ${STORES[cloud]}`);
  }
  const content = await planner.read(path.join(dir, BUNDLE_FILE));
  if (!content) return undefined;
  const bundle = await content.bytes();
  const lockFile = path.join(dir, LOCK_FILE);
  const lockBytes = await (await planner.read(lockFile))?.bytes();
  if (!lockBytes) {
    throw new UserError(
      'SPACECTL_BAD_DATA',
      `${lockFile} is missing: it says which certificates of the bundle are yours`,
      {
        suggestions: [`spacectl ca-bundle build --dir ${dir} --ca FILE`],
      },
    );
  }
  const lock = readLock(lockBytes, lockFile);
  const certificates = await addedCertificates(bundle, lock);
  const mount = `${HOST_BUNDLE}:${lock.mountPath}`;
  const image = lock.image?.reference ?? RUNNER_IMAGE;
  const delivery: Delivery =
    way === 'host'
      ? { by: 'host', certificates, mounts: mount, image }
      : way === 'inline'
        ? { by: 'inline', bundle }
        : { by: 'store', digest: createHash('sha256').update(bundle).digest('hex') };
  return { delivery, mount, certificates, upload: delivery.by === 'store' ? known(bundle) : undefined };
}
