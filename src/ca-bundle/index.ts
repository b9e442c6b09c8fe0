/** What other nouns may use of this one. */
export { BUNDLE_FILE, LOCK_FILE, type Lock, readLock } from './lock.ts';
