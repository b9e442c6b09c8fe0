/** Spacelift's machine images on AWS, and when they are deprecated. */
export { amiCheck } from './check.ts';
export type { CheckedImage } from './check-images.ts';
export { amiLatest } from './latest.ts';
