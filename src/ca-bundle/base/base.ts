import { UserError } from '../../core/errors.ts';
import { readWhole } from '../../files/read.ts';
import { nodeRootCertificates } from '../../http/index.ts';
import type { Planner } from '../../step/plan.ts';
import { USUAL_PATHS } from './defaults.ts';
import { imageBase } from './image-base.ts';
import type { SourceRequest } from './inputs.ts';
import type { Base } from './store.ts';

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
  if (offline && location.kind === 'registry') {
    throw new UserError('SPACECTL_BAD_INPUT', '--offline and --source registry conflict: pass only one');
  }
  return imageBase(location, platform, request, planner);
}

/** Reads a bundle file. */
async function fileBase(file: string, imagePath: string | undefined): Promise<Base> {
  return {
    bytes: await readWhole(file).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
      const { code, message, cause } = error;
      throw new UserError(code, message, { suggestions: ['Pass --image FILE with the bundle to extend'], cause });
    }),
    origin: file,
    provenance: { source: 'file', file: { path: file }, mountPath: imagePath ?? USUAL_PATHS[0] },
    warnings: [],
  };
}
