import { SPACELIFT_AZURE_IMAGE, SPACELIFT_GALLERY } from '../../cloud-accounts/index.ts';
import type { CloudReference, GoogleReference } from './reference.ts';

/** A line of machine images that Spacelift builds or has built, outside AWS. */
export interface ImageLine {
  readonly architecture: string;
  /** The day on which Spacelift went over to another line. */
  readonly endedOn?: string;
  /** What to use instead of a line that is over. */
  readonly replacement?: string;
}

const PROJECT = 'spacelift-workers';

/** A region that Spacelift's gallery is replicated to (spacelift-worker-image, build_scheduled.yml@533e586). */
export const GALLERY_REGION = 'westeurope';

/**
 * Spacelift's lines on Azure, by the name of the image in its community gallery (spacelift-worker-image,
 * build_scheduled.yml@533e586; the older one ended with dee3f3a).
 */
const AZURE_LINES: Readonly<Record<string, ImageLine>> = {
  spacelift_worker_image_ubu_lts: { architecture: 'x86_64' },
  spacelift_worker_image: {
    architecture: 'x86_64',
    endedOn: '2025-11-11',
    replacement: SPACELIFT_AZURE_IMAGE,
  },
};

/** Spacelift's families on Google Cloud (spacelift-worker-image, job_build_publish-gcp.yml@1980178). */
const GOOGLE_LINES: Readonly<Record<string, ImageLine>> = {
  'spacelift-worker': { architecture: 'x86_64' },
  'spacelift-worker-arm64': { architecture: 'arm64' },
};

/** Finds the line of Spacelift's that an image belongs to. */
export function lineOf(reference: CloudReference): ImageLine | undefined {
  if (reference.cloud === 'gcp') return GOOGLE_LINES[googleFamilyOf(reference) ?? ''];
  return reference.gallery.toLowerCase() === SPACELIFT_GALLERY ? AZURE_LINES[reference.image] : undefined;
}

/** Names the family that an image of Spacelift's belongs to, by its name. `undefined` for images of others. */
export function googleFamilyOf(reference: GoogleReference): string | undefined {
  if (reference.project !== PROJECT) return undefined;
  if ('family' in reference) return reference.family;
  return readGoogleName(reference.name)?.family;
}

/**
 * Parses the name of one of Spacelift's images on Google Cloud: `<family>-<us|eu|asia>-<Unix timestamp>-<8 characters>`
 * (spacelift-worker-image, gcp.pkr.hcl and build_scheduled.yml@533e586).
 */
export function readGoogleName(name: string): { family: string; released: Date } | undefined {
  const [, family, seconds] = /^(spacelift-worker(?:-arm64)?)-(?:us|eu|asia)-(\d{10})-[a-z0-9]{8}$/.exec(name) ?? [];
  return family && seconds ? { family, released: new Date(Number(seconds) * 1000) } : undefined;
}
