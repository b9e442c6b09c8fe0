import { UserError } from '../../core/errors.ts';

/** Whether and how long a cloud's own program may be asked. */
export interface Asking {
  readonly signal: AbortSignal;
  readonly isOffline: boolean;
}

/** What a cloud says: the thing, `undefined` if it does not exist, or why neither is known. */
export type Asked<Thing> = { readonly found: Thing | undefined } | { readonly problem: string };

/** Asks a cloud's own program. It may be missing, fail, or not be asked at all. */
export async function askCloud<Thing>(
  { signal, isOffline }: Asking,
  ask: (signal: AbortSignal) => Promise<Thing | undefined>,
): Promise<Asked<Thing>> {
  if (isOffline) return { problem: '--offline' };
  try {
    return { found: await ask(signal) };
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'SPACECTL_INTERRUPTED') throw error;
    return { problem: error.message };
  }
}
