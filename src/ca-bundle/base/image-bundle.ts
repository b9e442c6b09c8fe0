import { formatPlatform, type ImageFile, type OpenImage, type OpenOptions } from '../../oci/index.ts';
import type { ImageFacts } from '../clients/image-facts.ts';
import { mapClients } from '../clients/map.ts';
import { questionsFor, relevantVariables } from '../clients/questions.ts';
import { isStandardInput } from '../lock/lock.ts';
import { USUAL_PATHS } from './defaults.ts';
import type { SourceRequest } from './inputs.ts';
import type { Base } from './store.ts';

/** A bundle and what decides who reads it. */
export interface ImageBundles extends ImageFacts {
  /** The bundles that were found; the first is the one to extend. */
  readonly files: readonly ImageFile[];
}

/** How the bundles of an image are looked up. */
export interface BundleSearch {
  readonly imagePath?: string | undefined;
  /** Whether to look up all usual paths, and to read all layers. */
  readonly isThorough?: boolean;
  /** Whether an image without a bundle is no error. */
  readonly isOptional?: boolean;
}

/**
 * Finds the bundles of an image, and what decides who reads them. A variable of the image that names a bundle goes before
 * the usual paths, as it does for the clients.
 * @throws UserError `SPACECTL_NO_BUNDLE`, and as reading the image's layers
 */
export async function findBundles(
  image: OpenImage,
  { imagePath, isThorough = false, isOptional = false }: BundleSearch,
  options: OpenOptions,
): Promise<ImageBundles> {
  const all = await image.environment();
  const environment = all && relevantVariables(all);
  const named = Object.entries(environment ?? {}).flatMap(([name, value]) =>
    /SSL_CERT_FILE$/.test(name) && /^\/[^:,]+$/.test(value) ? [value] : [],
  );
  const usual = imagePath === undefined ? [...named, ...USUAL_PATHS] : [imagePath];
  const paths = isThorough ? [...usual, ...USUAL_PATHS] : usual;
  const examined = await image.examine([...new Set(paths)], {
    ...options,
    isFirstEnough: !isThorough,
    isThorough,
    isOptional,
    questions: questionsFor(environment ?? {}, image.platform),
  });
  return { ...examined, environment };
}

/** Reads the bundle of an image. @throws UserError as `findBundles` */
export async function readImageBundle(
  image: OpenImage,
  { 'image-path': imagePath, 'all-paths': allPaths = false }: SourceRequest,
  options: OpenOptions,
  warnings: readonly string[],
): Promise<Base> {
  const { files, ...facts } = await findBundles(image, { imagePath, isThorough: allPaths }, options);
  const [{ bytes, path: found, resolvedPath, layer, verifiedLayers, unverifiedLayers }] = files as [ImageFile];
  const { reference, indexDigest, manifestDigest, imageId, platform, source } = image;
  const provenance = {
    reference,
    ...(indexDigest && { indexDigest }),
    ...(manifestDigest && { manifestDigest }),
    ...(imageId && { imageId }),
    platform: formatPlatform(platform),
    path: found,
    resolvedPath,
    ...(layer && { layer }),
    verifiedLayers,
    ...(unverifiedLayers.length > 0 && { unverifiedLayers }),
  };
  // A mount over a link covers its target: of several paths that lead to one file, one is enough.
  const distinct = files.filter(
    (each, index) => files.findIndex((other) => other.resolvedPath === each.resolvedPath) === index,
  );
  const others = distinct.filter((each) => !each.bytes.equals(bytes));
  const map = mapClients(facts, allPaths ? distinct.map((each) => each.path) : [found]);
  const { mountPaths, clients } = map;
  return {
    bytes,
    origin: `${found} of ${isStandardInput(reference) ? reference.replace('-', 'standard input') : reference}`,
    provenance: {
      source,
      image: provenance,
      mountPath: found,
      ...((allPaths || mountPaths.length > 1) && { mountPaths }),
      ...(allPaths && { allPaths }),
      clients,
    },
    image: { ...facts, map },
    warnings: [
      ...warnings,
      ...others.map(
        (each) =>
          `${each.path} and ${found} of the image are different bundles. The one built from ${found} replaces both`,
      ),
    ],
  };
}
