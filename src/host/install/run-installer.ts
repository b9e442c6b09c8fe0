import { readdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { makeFolder } from '../../files/folder.ts';
import { currentOwner, formatOwner, isGoneByName } from '../../files/owner.ts';
import { removeTree, removeTreeIfStopped } from '../../files/remove.ts';
import { writeFileWhole } from '../../files/write.ts';
import { runProgram } from '../../programs/index.ts';
import type { RenderedHost } from '../../render/index.ts';

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
    const { exitCode, stderr } = await runProgram('sh', [path.join(folder, 'install.sh'), 'prepare'], { signal });
    if (exitCode === 0) return;
    throw new UserError('SPACECTL_PROGRAM_FAILED', `The installer failed: ${reasonIn(stderr)}`, {
      suggestions: [{ command: 'spacectl doctor --pre' }],
    });
  } finally {
    await removeTree(folder);
    finished();
  }
}

/**
 * Checks, before the first change, that this host can become a worker: the rendered installer knows what it needs.
 * @throws UserError `SPACECTL_PROGRAM_FAILED` with the reason
 */
export async function checkHost({ files }: RenderedHost, signal: AbortSignal): Promise<void> {
  const installer = files.find(({ name }) => name === 'install.sh');
  if (!installer) return;
  const { exitCode, stderr } = await runProgram('sh', ['-s', 'check'], {
    signal,
    input: await installer.content.bytes(),
  });
  if (exitCode === 0) return;
  throw new UserError('SPACECTL_PROGRAM_FAILED', `This host cannot become a worker yet: ${reasonIn(stderr)}`, {
    suggestions: [
      { command: 'spacectl doctor --pre' },
      { text: 'To prepare an image instead of this machine', command: 'spacectl host install --root DIR' },
    ],
  });
}

/** Returns the installer's last message. */
function reasonIn(stderr: string): string {
  return (
    stderr
      .split('\n')
      .at(-1)
      ?.replace(/^install: /, '') ?? ''
  );
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
