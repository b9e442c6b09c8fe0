import { createHash } from 'node:crypto';
import { abortReason, UserError } from '../../core/errors.ts';
import type { ReadableFile } from '../../files/read.ts';
import type { Image } from '../image.ts';
import type { Platform } from '../platform.ts';
import { type ArchiveOptions, archiveName, bytesOf } from './unpacked-file.ts';

/**
 * Opens the tar of a root file system, such as the output of `docker export`, as an image of one layer. It has neither a name
 * nor a platform nor a digest to check: the digest is that of the archive, uncompressed.
 *
 * @throws UserError `SPACECTL_NO_IMAGE` if an image is named
 */
export async function openRootImage(
  archive: ReadableFile,
  { path, name }: { readonly path: string; readonly name?: string },
  platform: Platform,
  { signal, report = () => {} }: ArchiveOptions,
): Promise<Image> {
  if (name !== undefined) {
    throw new UserError('SPACECTL_NO_IMAGE', `${archiveName(path)} has no image "${name}": it is a root file system`, {
      suggestions: [`Pass ${path}`],
    });
  }
  report(`Reading ${archiveName(path)}, a root file system`);
  const { size } = await archive.stat();
  const layer = {
    digest: await digestOfFile(archive, signal),
    digestIsOf: 'unpacked' as const,
    size,
    mediaType: 'application/vnd.oci.image.layer.v1.tar',
    open: async (own: AbortSignal) => bytesOf(archive, { offset: 0, size }, own),
  };
  return { reference: path, platform, layers: [layer], close: () => archive.close() };
}

async function digestOfFile(file: ReadableFile, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  // One buffer for all: thousands of them would wait for the garbage collector.
  const buffer = Buffer.alloc(256 * 1024);
  for (let at = 0; ; ) {
    if (signal.aborted) throw abortReason(signal);
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) return `sha256:${hash.digest('hex')}`;
    hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
}
