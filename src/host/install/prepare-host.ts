import { readdir, readFile, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { makeFolderFor } from '../../files/attributes.ts';
import { makeFolder } from '../../files/folder.ts';
import { currentOwner, formatOwner, isGoneByName } from '../../files/owner.ts';
import { removeTree, removeTreeIfStopped } from '../../files/remove.ts';
import { writeFileWhole } from '../../files/write.ts';
import { runProgram } from '../../programs/index.ts';
import type { RenderedHost } from '../../render/index.ts';
import type { ActionChange, Planner } from '../../step/plan.ts';
import { outputOf, runOrThrow } from '../programs.ts';
import { FOLDERS, placeIn } from './install-record.ts';
import { serviceState } from './service.ts';
import { accountExists } from './service-user.ts';

/** Runner images use the same user. */
const USER_ID = 1983;

/**
 * Runs the rendered installer, the same one that `spacectl render systemd` writes: it creates user and folders, and enables
 * the units. The files are already in place, so it copies nothing.
 * @throws UserError `SPACECTL_PROGRAM_FAILED` with its error
 */
export async function runInstaller({ files, secrets }: RenderedHost, signal: AbortSignal): Promise<void> {
  await clearInstallers();
  const folder = path.join(await volatileFolder(), `${INSTALLER}${formatOwner(currentOwner())}`);
  await makeFolder(folder, 0o700);
  const finished = removeTreeIfStopped(folder);
  try {
    for (const { name, mode, content } of [...files, ...(secrets ? [secrets] : [])]) {
      await writeFileWhole(path.join(folder, name), await content.bytes(), { mode, mayReplace: false });
    }
    const { exitCode, stderr } = await runProgram('sh', [path.join(folder, 'install.sh')], { signal });
    if (exitCode === 0) return;
    const reason =
      stderr
        .split('\n')
        .at(-1)
        ?.replace(/^install: /, '') ?? '';
    throw new UserError('SPACECTL_PROGRAM_FAILED', `The installer failed: ${reason}`, {
      suggestions: ['spacectl doctor --pre'],
    });
  } finally {
    await removeTree(folder);
    finished();
  }
}

const INSTALLER = 'spacectl-install.';

/** Removes the folders of killed installers, which may contain secrets. */
export async function clearInstallers(): Promise<void> {
  const parent = await volatileFolder();
  for (const name of await readdir(parent).catch(() => [])) {
    if (!name.startsWith(INSTALLER) || !isGoneByName(name.slice(INSTALLER.length))) continue;
    await removeTree(path.join(parent, name));
  }
}

/** Returns a folder in memory if there is one (hier(7), /run), so that secrets to encrypt are not written to disk first. */
async function volatileFolder(): Promise<string> {
  const stats = await stat('/run').catch(() => undefined);
  return stats?.isDirectory() ? '/run' : tmpdir();
}

/** Reports whether the running host has the user, and starts the service at boot. */
export async function isPrepared({ signal }: Planner): Promise<boolean> {
  return (await accountExists('passwd', undefined, signal)) && ((await serviceState(signal))?.isEnabled ?? false);
}

/** Plans the user, its folders and the units that start at boot, in a tree that does not run. */
export async function planTree(
  root: string,
  units: readonly string[],
  isUnfinished: boolean,
  planner: Planner,
): Promise<readonly ActionChange[]> {
  const hasUser = await accountExists('passwd', root, planner.signal);
  const tree = ['--root', path.resolve(root)];
  const enabled = await Promise.all(
    units.map((unit) => outputOf('systemctl', [...tree, 'is-enabled', unit], planner.signal)),
  );
  return [
    planner.action({
      title: `Create the user spacelift and its folders in ${root}`,
      status: hasUser && !isUnfinished ? 'unchanged' : 'create',
      run: (signal) => createUser(root, signal),
    }),
    planner.action({
      title: `Enable ${units.join(', ')} in ${root}`,
      status: enabled.every((state) => state === 'enabled') ? 'unchanged' : 'create',
      run: (signal) => runOrThrow('systemctl', [...tree, 'enable', ...units], signal),
    }),
  ];
}

/** Creates the user and its folders. Adds it to the group docker if the tree has Docker. */
async function createUser(root: string, signal: AbortSignal): Promise<void> {
  const tree = ['--root', path.resolve(root)];
  const id = String(USER_ID);
  await runOrThrow('groupadd', [...tree, '--force', '--gid', id, 'spacelift'], signal);
  const home = ['--home-dir', '/opt/spacelift', '--no-create-home', '--shell', '/usr/sbin/nologin'];
  if (!(await accountExists('passwd', root, signal))) {
    await runOrThrow('useradd', [...tree, '--uid', id, '--gid', id, ...home, 'spacelift'], signal);
  }
  const group = await readFile(placeIn(root, '/etc/group'), 'utf8').catch(() => '');
  if (/^docker:/m.test(group))
    await runOrThrow('usermod', [...tree, '--append', '--groups', 'docker', 'spacelift'], signal);
  for (const folder of FOLDERS) await makeFolderFor(placeIn(root, folder), { user: USER_ID, group: USER_ID });
}
