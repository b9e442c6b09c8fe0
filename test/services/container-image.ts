import { chmod, cp, link, mkdir } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { builtExecutable, copyLibraries } from './executable.ts';
import { temporaryFolder } from './temporary.ts';

/** Programs that {@link buildContainerImage} runs. */
export const IMAGE_NEEDS = ['buildah', 'busybox', 'strip', 'ldd'] as const;

/** Of everything in an image, in seconds since 1970. */
const TIME = '1700000000';

/**
 * Builds the image of `build/release/Containerfile` without a daemon, on a base that is made here: no registry is reached.
 * @param reference its name in the archive
 * @returns an archive for `docker load`, and the digest of the image's manifest
 */
export async function buildContainerImage(reference: string): Promise<{ archive: string; digest: string }> {
  const [folder, context] = [await temporaryFolder(), await contextOf()];
  const storage = ['--storage-driver', 'vfs', '--root', path.join(folder, 'a'), '--runroot', path.join(folder, 'b')];
  const buildah = async (...args: readonly string[]) => (await execa('buildah', [...storage, ...args])).stdout;
  await commitBase(buildah);
  const base = ['--build-arg', 'BASE=localhost/base', '--pull-never'];
  const build = ['--isolation', 'chroot', '--timestamp', TIME, '--file', 'Containerfile'];
  await execa('buildah', [...storage, 'bud', ...build, ...base, '--tag', 'localhost/spacectl', '.'], { cwd: context });
  const archive = path.join(folder, 'image.tar');
  await buildah('push', '--quiet', 'localhost/spacectl', `docker-archive:${archive}:${reference}`);
  const digest = await buildah('inspect', '--type', 'image', '--format', '{{.FromImageDigest}}', 'localhost/spacectl');
  return { archive, digest };
}

/** The part of a release that the recipe needs. */
async function contextOf(): Promise<string> {
  const context = await temporaryFolder();
  const [program, target] = [await builtExecutable(), path.join(context, 'spacectl-0.0.0-linux-x64')];
  await link(program, target).catch(() => cp(program, target));
  for (const file of ['build/release/Containerfile', 'LICENSE', 'dist/THIRD-PARTY-LICENSES.txt'])
    await cp(file, path.join(context, path.basename(file)));
  return context;
}

/** Makes a base with what the recipe expects of Debian's: the libraries, a shell and `/tmp`. */
async function commitBase(buildah: (...args: readonly string[]) => Promise<string>): Promise<void> {
  const root = await temporaryFolder();
  await mkdir(path.join(root, 'tmp'));
  await chmod(path.join(root, 'tmp'), 0o1777);
  await mkdir(path.join(root, 'bin'));
  await cp('/bin/busybox', path.join(root, 'bin/sh'));
  await copyLibraries(await builtExecutable(), root);
  await chmod(root, 0o755);
  const container = await buildah('from', 'scratch');
  await buildah('copy', '--quiet', container, root, '/');
  // With one time for all, so that two bases are the same.
  await buildah('commit', '--quiet', '--timestamp', TIME, container, 'localhost/base');
}
