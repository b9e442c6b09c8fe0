/** The directory of a worker pool: its file names, token, journal and rendered files. */
export { inspection, tokenSource } from './inspect-token.ts';
export { formatJournal, type Journal, readJournal } from './journal.ts';
export { datedName, findKeptToken, newerDownloads } from './kept-tokens.ts';
export { removeJournal, writeJournal } from './lazy.ts';
export { hasMark, MARK } from './mark.ts';
export { stepsToToken } from './missing-token.ts';
export { JOURNAL_FILE, LOCK_FILE, POOL_FILE, SCHEMA_FILE, TOKEN_FILE, tokenFileOf } from './names.ts';
export { hasPool, type PoolSigns, poolIdIn } from './pool.ts';
export { renderedSecrets } from './rendered-secrets.ts';
export { isSecretName } from './secret-name.ts';
export { downloadsIn, expectsToken, readPoolToken, tokenFileIn, tokenFilesIn } from './token.ts';
export { token } from './token-input.ts';
