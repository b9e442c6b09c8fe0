/** Spacelift's machine images on AWS, and what becomes of them. */
export { amiCheck } from './check.ts';
export type { Judged } from './judge.ts';
export { amiLatest } from './latest.ts';
