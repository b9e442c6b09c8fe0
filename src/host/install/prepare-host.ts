import { rmSync } from 'node:fs';
import { chown, mkdir, readdir, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { undoIfStopped } from '../../core/unfinished.ts';
import { currentOwner, formatOwner, isGoneByName } from '../../files/owner.ts';
import { writeFileWhole } from '../../files/write.ts';
import { runProgram } from '../../programs/index.ts';
import type { RenderedHost } from '../../render/index.ts';
import type { ActionChange, Planner } from '../../step/plan.ts';
import { outputOf, runOrThrow } from '../programs.ts';
import { FOLDERS, placeIn } from './install-record.ts';
import { serviceState } from './service.ts';
import { isKnown } from './service-user.ts';

/** The runner images run as this user too. */
const USER_ID = 1983;

/**
 * Runs the rendered installer, the very one that `spacectl render systemd` writes: it makes user and folders, and enables
 * the units. The files are in their places already, so that it finds nothing to copy.
 * @throws UserError `SPACECTL_PROGRAM_FAILED` with what it said
 */
export async function runInstaller({ files, secrets }: RenderedHost, signal: AbortSignal): Promise<void> {
  await clearInstallers();
  const folder = path.join(await volatileFolder(), `${INSTALLER}${formatOwner(currentOwner())}`);
  await mkdir(folder, { mode: 0o700 });
  const finished = undoIfStopped(() => rmSync(folder, { recursive: true, force: true }));
  try {
    for (const { name, mode, content } of [...files, ...(secrets ? [secrets] : [])]) {
      await writeFileWhole(path.join(folder, name), await content.bytes(), { mode, mayReplace: false });
    }
    const { exitCode, stderr } = await runProgram('sh', [path.join(folder, 'install.sh')], { signal });
    if (exitCode === 0) return;
    const said =
      stderr
        .split('\n')
        .at(-1)
        ?.replace(/^install: /, '') ?? '';
    throw new UserError('SPACECTL_PROGRAM_FAILED', `The installer failed: ${said}`, {
      suggestions: ['spacectl doctor --pre'],
    });
  } finally {
    await rm(folder, { recursive: true, force: true });
    finished();
  }
}

const INSTALLER = 'spacectl-install.';

/** Removes the folders of installers whose process was killed: there may be secrets in them. */
export async function clearInstallers(): Promise<void> {
  const parent = await volatileFolder();
  for (const name of await readdir(parent).catch(() => [])) {
    if (!name.startsWith(INSTALLER) || !isGoneByName(name.slice(INSTALLER.length))) continue;
    await rm(path.join(parent, name), { recursive: true, force: true });
  }
}

/** In memory where there is such a place (hier(7), /run): secrets that are to be encrypted do not get onto the disk first. */
async function volatileFolder(): Promise<string> {
  const stats = await stat('/run').catch(() => undefined);
  return stats?.isDirectory() ? '/run' : tmpdir();
}

/** Whether the running host has the user, and starts the service at boot. */
export async function isPrepared({ signal }: Planner): Promise<boolean> {
  return (await isKnown('passwd', undefined, signal)) && ((await serviceState(signal))?.isEnabled ?? false);
}

/** What is no file in a tree that does not run: the user, its folders, and the units that start at boot. */
export async function planTree(
  root: string,
  units: readonly string[],
  isUnfinished: boolean,
  planner: Planner,
): Promise<readonly ActionChange[]> {
  const isMade = await isKnown('passwd', root, planner.signal);
  const tree = ['--root', path.resolve(root)];
  const enabled = await Promise.all(
    units.map((unit) => outputOf('systemctl', [...tree, 'is-enabled', unit], planner.signal)),
  );
  return [
    planner.action({
      title: `Make the user spacelift and its folders in ${root}`,
      status: isMade && !isUnfinished ? 'unchanged' : 'create',
      run: (signal) => makeUser(root, signal),
    }),
    planner.action({
      title: `Enable ${units.join(', ')} in ${root}`,
      status: enabled.every((state) => state === 'enabled') ? 'unchanged' : 'create',
      run: (signal) => runOrThrow('systemctl', [...tree, 'enable', ...units], signal),
    }),
  ];
}

/** The group docker comes with Docker: where it is not in the tree, nobody can be its member. */
async function makeUser(root: string, signal: AbortSignal): Promise<void> {
  const tree = ['--root', path.resolve(root)];
  const id = String(USER_ID);
  await runOrThrow('groupadd', [...tree, '--force', '--gid', id, 'spacelift'], signal);
  const home = ['--home-dir', '/opt/spacelift', '--no-create-home', '--shell', '/usr/sbin/nologin'];
  if (!(await isKnown('passwd', root, signal))) {
    await runOrThrow('useradd', [...tree, '--uid', id, '--gid', id, ...home, 'spacelift'], signal);
  }
  const group = await readFile(placeIn(root, '/etc/group'), 'utf8').catch(() => '');
  if (/^docker:/m.test(group))
    await runOrThrow('usermod', [...tree, '--append', '--groups', 'docker', 'spacelift'], signal);
  for (const folder of FOLDERS) {
    const place = placeIn(root, folder);
    await mkdir(place, { recursive: true, mode: 0o755 });
    await chown(place, USER_ID, USER_ID);
  }
}
