import { sha256 } from '../../../core/sha256.ts';
import type { Context } from './context.ts';

/** A recorded file that is not as it was installed. */
export interface ChangedFile {
  readonly path: string;
  readonly change: 'missing' | 'changed' | 'mode';
  /** The mode that it was installed with. */
  readonly mode: number;
}

/** Files whose content tells whether they work. */
export interface Files {
  /** `undefined` without an install record. */
  readonly changed: readonly ChangedFile[] | undefined;
  /** The unit's secrets, encrypted on this machine: whether it can decrypt them. `undefined` if there are none, or no root. */
  readonly canDecrypt: boolean | undefined;
  /** Docker's configuration for the launcher: whether it is JSON. `undefined` without one. */
  readonly isDockerConfigJson: boolean | undefined;
  /** Host paths in the launcher's settings, and whether they exist. */
  readonly exists: ReadonlyMap<string, boolean>;
}

const SEALED = '/etc/spacelift/secrets.env.cred';

/** Compares files with the install record, and reads those that must have a certain format. */
export async function gatherFiles({ reader, installation }: Context): Promise<Files> {
  const config = installation.settings['SPACELIFT_DOCKER_CONFIG_DIR'];
  const docker = config === undefined ? undefined : await reader.read(`${config}/config.json`).catch(() => undefined);
  const { isJson } = await import('../../../core/json.ts');
  const { mountsOf } = await import('./runner.ts');
  const named = [
    ...mountsOf(installation.settings).map(({ file }) => file),
    installation.settings['SPACELIFT_LAUNCHER_RUN_INITIALIZATION_POLICY'] ?? '',
    ...(config === undefined ? [] : [`${config}/config.json`]),
  ].filter((path) => path.startsWith('/'));
  const exists = await Promise.all(
    named.map(async (path) => [path, (await reader.entry(path)) !== undefined] as const),
  );
  const isSealed = reader.isRoot && (await reader.entry(SEALED)) !== undefined;
  const decrypted = isSealed
    ? await reader.run('systemd-creds', ['decrypt', '--name=secrets.env', SEALED, '-']).catch(() => undefined)
    : undefined;
  return {
    changed: await changedFiles({ reader, record: installation.record }),
    canDecrypt: decrypted && decrypted.exitCode === 0,
    isDockerConfigJson: docker && isJson(docker.toString('utf8')),
    exists: new Map(exists),
  };
}

async function changedFiles({
  reader,
  record,
}: Pick<Context, 'reader'> & { readonly record: Context['installation']['record'] }): Promise<Files['changed']> {
  if (!record) return undefined;
  const found = await Promise.all(
    record.files.map(async ({ path, mode, sha256: digest, isSecret }): Promise<ChangedFile | undefined> => {
      const entry = await reader.entry(path);
      if (!entry) return { path, mode, change: 'missing' };
      const bytes = digest === undefined || isSecret ? undefined : await reader.read(path).catch(() => undefined);
      if (bytes && sha256(bytes) !== digest) return { path, mode, change: 'changed' };
      return (entry.mode & 0o777) === mode ? undefined : { path, mode, change: 'mode' };
    }),
  );
  return found.flatMap((each) => each ?? []);
}
