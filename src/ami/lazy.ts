import type { checkImages as check } from './check-images.ts';

/** Finds images and determines the lifecycle of each, as `ami check` does. The code for it is loaded on use. */
export const checkImages: typeof check = async (...given) => (await import('./check-images.ts')).checkImages(...given);
