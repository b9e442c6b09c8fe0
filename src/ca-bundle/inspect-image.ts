import { formatPlatform, type ImageLocation, openImage, type Platform } from '../oci/index.ts';
import { openBaseImage } from './base/image-base.ts';
import { findBundles } from './base/image-bundle.ts';
import type { Access } from './base/inputs.ts';
import type { Client } from './clients/client.ts';
import { type ClientMap, clientsSeeing, mapClients } from './clients/map.ts';
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

/** An image of a container engine on this machine, by its ID. */
export interface LocalImage {
  readonly program: 'docker' | 'podman';
  readonly id: string;
}

/**
 * Finds out which clients of an image on this machine see a bundle at some paths, and where else it must be mounted. The engine exports
 * a container that is never started.
 *
 * @param given where the bundle is mounted
 * @throws UserError as `openImage`, and as reading the image
 */
export async function clientsOnMachine(
  { program, id }: LocalImage,
  given: readonly string[],
  signal: AbortSignal,
): Promise<ClientMap> {
  // Of an image with an ID, the platform does not matter.
  const options = { platform: { os: 'linux', architecture: 'amd64' }, signal, mayPull: false };
  const image = await openImage({ kind: program, id: id.replace('sha256:', '') }, options);
  try {
    const facts = await findBundles(image, { isThorough: true, isOptional: true }, options);
    const { neededBy } = mapClients(facts, given);
    return { clients: clientsSeeing(facts, given), mountPaths: given, neededBy };
  } finally {
    await image.close();
  }
}
