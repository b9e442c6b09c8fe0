import { sha256 } from '../../core/sha256.ts';
import type { RenderedHost } from '../../render/index.ts';
import type { Planner } from '../../step/plan.ts';
import type { InstallValues } from './inputs.ts';
import type { HostBackup } from './install-marker.ts';
import { exists, FOLDERS, type InstallRecord, type RecordedFile } from './install-record.ts';
import type { PlacedFile } from './place-files.ts';
import { ENCRYPTED_SECRETS, encryptsSecrets, SECRET_FILES } from './secrets.ts';
import { accountExists } from './service-user.ts';

/** Creates the install record for an installation. Keeps what an earlier one recorded as created. */
export async function recordFor(
  install: {
    readonly values: InstallValues;
    readonly rendered: RenderedHost;
    readonly placed: readonly PlacedFile[];
    readonly earlier: InstallRecord | undefined;
    /** Secrets of an earlier installation that are removed. */
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
  // The installer creates it on the machine itself.
  if (encryptsSecrets(values) && root === undefined && rendered.secrets) {
    files.push({ path: ENCRYPTED_SECRETS, mode: 0o600, isSecret: true });
  }
  for (const file of earlier?.files ?? []) {
    const isKept = SECRET_FILES.includes(file.path) && !drops.includes(file.path) && (await exists(file.path, root));
    if (isKept && !files.some(({ path }) => path === file.path)) files.push(file);
  }
  const missing: string[] = [];
  for (const folder of FOLDERS) if (!(await exists(folder, root))) missing.push(folder);
  return {
    version: 1,
    files,
    units: rendered.units,
    madeUser: earlier?.madeUser ?? !(await accountExists('passwd', root, planner.signal)),
    madeFolders: earlier?.madeFolders ?? missing,
    generated: rendered.generated,
  };
}

/** Returns the install record, merged with the one before an interrupted installation. */
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
 * Lists files that an earlier installation created and this one does not, because of other answers or another version. Never
 * the secrets, and never what the service now generates in their place.
 */
export function staleFiles(
  earlier: InstallRecord | undefined,
  placed: readonly PlacedFile[],
  generated: readonly string[],
): readonly string[] {
  const wanted = [...placed.map(({ destination }) => destination), ...generated, ...SECRET_FILES];
  const present = [...(earlier?.files ?? []).map((file) => file.path), ...(earlier?.generated ?? [])];
  return present.filter((file) => !wanted.includes(file));
}
