import { stat } from 'node:fs/promises';
import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { quoteIfNeeded } from '../../core/text.ts';
import type { BaseLocation } from './store.ts';

/** Where the base of a bundle may come from; `auto` ends up as one of the others. */
export const SOURCES = [
  'auto',
  'registry',
  'docker',
  'podman',
  'archive',
  'oci-layout',
  'dir',
  'file',
  'mozilla',
] as const;

export type Source = (typeof SOURCES)[number];

/** Matches what is certainly a path, not an image reference. */
const LOOKS_LIKE_PATH = /^[./~]|\.(?:pem|crt|cer|der|p7b|b64|tar|tgz|gz|xz|txz|zst)$/i;

/** Parses `--image`: the path of an existing file or directory, or an image reference. @throws UserError `SPACECTL_BAD_INPUT` */
export async function parseBaseLocation(where: string, kind: Exclude<Source, 'mozilla'>): Promise<BaseLocation> {
  if (kind === 'file') return { kind, path: where };
  const { parseLocation, detectKind, looksLikeImageId, splitStandardInput } = await import('../../oci/index.ts');
  if (kind !== 'auto') return parseLocation(where, kind);
  const shape = await detectKind(where);
  if (shape === 'other file') return { kind: 'file', path: where };
  if (shape === 'root') throw rootDirectory(where);
  if (shape === 'stream') return { kind: shape, path: where, ...splitStandardInput(where) };
  if (shape) return parseLocation(where, shape);
  if (LOOKS_LIKE_PATH.test(where)) {
    const isFolder = (await stat(where).catch(() => undefined))?.isDirectory() ?? false;
    const why = isFolder
      ? 'it is a directory, but neither an OCI layout (it has no index.json) nor one that skopeo wrote (dir:)'
      : 'there is no such file';
    throw new UserError('SPACECTL_CANNOT_READ', `Cannot read ${where}: ${why}`, {
      suggestions: [
        'Pass --image with the path of a bundle file, an archive or an OCI layout, or with an image reference',
      ],
    });
  }
  const location = await parseLocation(where, looksLikeImageId(where.trim()) ? 'docker' : 'registry');
  return { ...location, mayUseEngine: true };
}

/** Returns the error for a directory that holds a root file system. */
function rootDirectory(folder: string): UserError {
  const message = `${folder} is a directory with a root file system, which spacectl reads only from a tar archive`;
  const archive = `${path.basename(path.resolve(folder))}.tar`;
  return new UserError('SPACECTL_BAD_IMAGE', message, {
    suggestions: [
      {
        text: `Pack it, then pass ${archive}`,
        command: `tar -cf ${quoteIfNeeded(archive)} -C ${quoteIfNeeded(folder)} .`,
      },
      'If it is the name of an image, add the tag',
    ],
  });
}
