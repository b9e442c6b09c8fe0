import { formatPlatform, type ImageLocation, type Platform } from '../oci/index.ts';
import { openBaseImage } from './base/image-base.ts';
import { findBundles } from './base/image-bundle.ts';
import type { Access } from './base/inputs.ts';
import type { Client } from './clients/client.ts';
import { mapClients } from './clients/map.ts';
import { reportClients } from './clients/report.ts';

/** Which clients of an image would see a bundle that was built from it. */
export interface InspectedImage {
  readonly image: string;
  readonly platform: string;
  /** The bundle that `ca-bundle build` extends; missing if the image has none. */
  readonly bundle?: string;
  /** Where the bundle must be mounted. */
  readonly mountPaths: readonly string[];
  readonly clients: readonly Client[];
  /** Whether all layers were read. */
  readonly isComplete: boolean;
  /** What to do for the clients that do not see it. */
  readonly remarks: readonly string[];
}

/** Reads all layers of an image. @throws UserError as `openImage`, and as reading its layers */
export async function inspectImage(
  location: ImageLocation & { readonly mayUseEngine?: boolean },
  platform: Platform,
  access: Access,
  signal: AbortSignal,
): Promise<InspectedImage> {
  const { image, options } = await openBaseImage(location, platform, access, { signal, report: () => {} });
  try {
    const { files, ...facts } = await findBundles(image, { isThorough: true, isOptional: true }, options);
    const [bundle] = files;
    const map = mapClients(facts, bundle ? [bundle.path] : []);
    const { notes, warnings, next } = reportClients(map, undefined);
    return {
      image: image.reference,
      platform: formatPlatform(image.platform),
      ...(bundle && { bundle: bundle.path }),
      mountPaths: map.mountPaths,
      clients: map.clients,
      isComplete: facts.examination.isComplete,
      remarks: [...notes, ...warnings, ...next],
    };
  } finally {
    await image.close();
  }
}
