import type { TokenState } from './token-state.ts';

/** Compares the token in a pool's folder with the one that Spacelift has. @returns `undefined` if they cannot be compared */
export async function folderTokenState(dir: string, signal: AbortSignal): Promise<TokenState | undefined> {
  return (await import('./token-state.ts')).folderTokenState(dir, signal);
}
