/** `spacectl.yaml`: what the user wants of a pool, written by people and by spacectl. Loads YAML, so it is imported dynamically. */
export { keepSecret } from './keep-secret.ts';
export { placesOf } from './places.ts';
export { planPoolFile } from './plan.ts';
export { type PoolFile, readPoolAnswers, readPoolFile } from './read.ts';
export { chosenAnswers, type SavedAnswer, saveAnswers } from './save.ts';
export { poolFileSchema, SECTIONS } from './schema.ts';
export type { KnownKeys } from './unknown-keys.ts';
