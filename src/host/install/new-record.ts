import { sha256 } from '../../core/sha256.ts';
import type { RenderedHost } from '../../render/index.ts';
import type { Planner } from '../../step/plan.ts';
import type { InstallValues } from './inputs.ts';
import type { HostBackup } from './install-marker.ts';
import { FOLDERS, type InstallRecord, isThere, type RecordedFile } from './install-record.ts';
import type { PlacedFile } from './place-files.ts';
import { isSealed, KEY_FILES, SEALED } from './secrets.ts';
import { isKnown } from './service-user.ts';

/** What an installation will have put on the host. What an earlier one made stays its work. */
export async function recordFor(
  install: {
    readonly values: InstallValues;
    readonly rendered: RenderedHost;
    readonly placed: readonly PlacedFile[];
    readonly earlier: InstallRecord | undefined;
    /** Secrets of an earlier installation that go. */
    readonly drops: readonly string[];
  },
  planner: Planner,
): Promise<InstallRecord> {
  const { values, rendered, placed, earlier, drops } = install;
  const { root } = values;
  const files = await Promise.all(
    placed.map(async ({ destination, change: { mode, isSecret, content } }): Promise<RecordedFile> => {
      const digest = isSecret ? {} : { sha256: sha256(await content.bytes()) };
      return { path: destination, mode, isSecret, ...digest };
    }),
  );
  // The installer makes it, on the machine itself.
  if (isSealed(values) && root === undefined && rendered.secrets) {
    files.push({ path: SEALED, mode: 0o600, isSecret: true });
  }
  for (const file of earlier?.files ?? []) {
    const isKept = KEY_FILES.includes(file.path) && !drops.includes(file.path) && (await isThere(file.path, root));
    if (isKept && !files.some(({ path }) => path === file.path)) files.push(file);
  }
  const missing: string[] = [];
  for (const folder of FOLDERS) if (!(await isThere(folder, root))) missing.push(folder);
  return {
    version: 1,
    files,
    units: rendered.units,
    madeUser: earlier?.madeUser ?? !(await isKnown('passwd', root, planner.signal)),
    madeFolders: earlier?.madeFolders ?? missing,
    generated: rendered.generated,
  };
}

/** What is or was installed: of an installation that was stopped midway, also what there was before it. */
export function installedBefore(
  newest: InstallRecord | undefined,
  before: HostBackup | undefined,
): InstallRecord | undefined {
  const original = before?.record;
  if (!newest || !original) return newest ?? original;
  const others = original.files.filter(({ path }) => !newest.files.some((each) => each.path === path));
  return {
    ...newest,
    files: [...newest.files, ...others],
    units: [...new Set([...newest.units, ...original.units])],
  };
}

/**
 * What an earlier installation put there and this one does not: other answers, another version. Never the secrets, and
 * never what the service makes in its place now.
 */
export function staleFiles(
  earlier: InstallRecord | undefined,
  placed: readonly PlacedFile[],
  generated: readonly string[],
): readonly string[] {
  const wanted = [...placed.map(({ destination }) => destination), ...generated, ...KEY_FILES];
  const present = [...(earlier?.files ?? []).map((file) => file.path), ...(earlier?.generated ?? [])];
  return present.filter((file) => !wanted.includes(file));
}
