import { UserError } from '../../core/errors.ts';
import { readInput } from '../../files/read.ts';
import { nodeRootCertificates } from '../../http/index.ts';
import { openStream, type Platform } from '../../oci/index.ts';
import type { Planner } from '../../step/plan.ts';
import { USUAL_PATHS } from './defaults.ts';
import { imageBase } from './image-base.ts';
import type { SourceRequest } from './inputs.ts';
import type { Base, BaseLocation } from './store.ts';

/** Returns the Mozilla roots that are built into Node: they need no network, but differ from those of the runner image. */
export function mozillaBase(imagePath: string | undefined): Base {
  return {
    bytes: Buffer.from(
      nodeRootCertificates()
        .map((certificate) => `${certificate.trim()}\n`)
        .join(''),
    ),
    origin: `the Mozilla roots of Node ${process.version}`,
    provenance: {
      source: 'mozilla',
      mozilla: { node: process.version },
      mountPath: imagePath ?? USUAL_PATHS[0],
    },
    warnings: [],
  };
}

/** Reads the trust store to extend. @throws UserError as `openImage` and reading a file from an image */
export async function readBase(request: SourceRequest, planner: Pick<Planner, 'signal' | 'report'>): Promise<Base> {
  const { image: location, platform, 'image-path': imagePath, offline } = request;
  if (request.source === 'mozilla') return mozillaBase(imagePath);
  // Never another base than the one that was asked for.
  if (!location || !platform) throw new Error(`no location for the source ${request.source}`);
  if (location.kind === 'file') return fileBase(location.path, imagePath);
  if (location.kind === 'stream') return streamBase(location, platform, request, planner);
  if (offline && location.kind === 'registry') {
    throw new UserError('SPACECTL_BAD_INPUT', '--offline and --source registry conflict: pass only one');
  }
  return imageBase(location, platform, request, planner);
}

/** Reads a bundle file. */
async function fileBase(file: string, imagePath: string | undefined): Promise<Base> {
  return {
    bytes: await readInput(file).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      const { code, message, cause } = error;
      throw new UserError(code, message, { suggestions: ['Pass --image FILE with the bundle to extend'], cause });
    }),
    ...fileOrigin(file, imagePath),
  };
}

function fileOrigin(file: string, imagePath: string | undefined): Omit<Base, 'bytes'> {
  return {
    origin: file === '-' ? 'standard input' : file,
    provenance: { source: 'file', file: { path: file }, mountPath: imagePath ?? USUAL_PATHS[0] },
    warnings: [],
  };
}

/** Reads what can be read only once: an archive, or else a bundle. The lock file has standard input for either. */
async function streamBase(
  { path, name }: Extract<BaseLocation, { kind: 'stream' }>,
  platform: Platform,
  request: SourceRequest,
  planner: Pick<Planner, 'signal' | 'report'>,
): Promise<Base> {
  const content = await openStream(path, planner);
  if ('bytes' in content) {
    const origin = path === '-' ? 'standard input' : path;
    return { bytes: content.bytes, ...fileOrigin('-', request['image-path']), origin };
  }
  const location = { kind: 'archive', path: '-', ...(name !== undefined && { name }), file: content.archive } as const;
  return imageBase(location, platform, request, planner);
}
