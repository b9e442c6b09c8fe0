import { lstat, readFile } from 'node:fs/promises';
import type { Planner } from '../step/plan.ts';
import { outputOf } from './programs.ts';
import { FOLDERS, placeIn, type Record, sha256 } from './record.ts';
import { type PlacedFile, SECRETS } from './rendered.ts';

/** What an installation will have put on the host. What an earlier one made stays its work. */
export async function recordFor(
  install: {
    readonly root: string | undefined;
    readonly placed: readonly PlacedFile[];
    readonly units: readonly string[];
    readonly earlier: Record | undefined;
    /** Whether the secrets of an earlier installation go. */
    readonly dropsSecrets: boolean;
  },
  planner: Planner,
): Promise<Record> {
  const { root, placed, units, earlier, dropsSecrets } = install;
  const files = await Promise.all(
    placed.map(async ({ destination, change: { mode, isSecret, content } }) => ({
      path: destination,
      mode,
      isSecret,
      ...(!isSecret && { sha256: sha256(await content.bytes()) }),
    })),
  );
  const kept = (earlier?.files ?? []).filter(
    (file) => file.path === SECRETS && !dropsSecrets && !files.some((each) => each.path === SECRETS),
  );
  const missing: string[] = [];
  for (const folder of FOLDERS) if (!(await isThere(folder, root))) missing.push(folder);
  return {
    version: 1,
    files: [...files, ...kept],
    units,
    madeUser: earlier?.madeUser ?? !(await hasUser(root, planner.signal)),
    madeFolders: earlier?.madeFolders ?? missing,
  };
}

/** What an earlier installation put there and this one does not: other answers, another version. Never the secrets. */
export function staleFiles(earlier: Record | undefined, placed: readonly PlacedFile[]): readonly string[] {
  const wanted = placed.map(({ destination }) => destination);
  return (earlier?.files ?? []).map((file) => file.path).filter((file) => file !== SECRETS && !wanted.includes(file));
}

/** Whether there is something at a place of the host. */
export async function isThere(file: string, root: string | undefined): Promise<boolean> {
  return (await lstat(placeIn(root, file)).catch(() => undefined)) !== undefined;
}

async function hasUser(root: string | undefined, signal: AbortSignal): Promise<boolean> {
  if (root === undefined) return (await outputOf('id', ['-u', 'spacelift'], signal)) !== undefined;
  return /^spacelift:/m.test(await readFile(placeIn(root, '/etc/passwd'), 'utf8').catch(() => ''));
}
