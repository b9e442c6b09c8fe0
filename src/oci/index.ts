/** Container images: references, registries, and reading a file from an image. Cheap to import; the rest loads on use. */
export type { Examination, FileQuestion, FoundFile, PathTarget, Questions } from './examination.ts';
export { NOT_EXAMINED } from './examination.ts';
export type { Environment, Image, ImageFile, Layer } from './image.ts';
export type { LayerCache } from './layers/cache.ts';
export { headManifest, layerCacheIn, openRegistryImage, openStream, readFirstFile } from './lazy.ts';
export {
  detectKind,
  type ImageLocation,
  LOCATION_KINDS,
  type LocationKind,
  looksLikeImageId,
  parseLocation,
  splitStandardInput,
} from './location.ts';
export { type OpenOptions, openImage } from './open-image.ts';
export { formatPlatform, type Platform, parsePlatform } from './platform.ts';
export type { OpenImage } from './readable-image.ts';
export { formatReference, type ImageReference, parseReference } from './reference.ts';
export type { RegistryOptions } from './registry/connect.ts';
export type { ImageOptions } from './registry/image.ts';
