/** `spacectl.yaml`: what the user wants of a pool, written by people and by spacectl. Loads YAML, so it is imported dynamically. */
export { planPoolFile } from './plan.ts';
export { type PoolFile, placesOf, readPoolAnswers, readPoolFile } from './read.ts';
export { chosenAnswers, type SavedAnswer, saveAnswers } from './save.ts';
export { poolFileSchema } from './schema.ts';
