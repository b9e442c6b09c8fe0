/** Machine images, and when they are deprecated. */
export { amiCheck } from './check.ts';
export type { CheckedImage } from './check-images.ts';
export { amiLatest } from './latest.ts';
export { checkImages } from './lazy.ts';
export { imagesIn } from './references.ts';
