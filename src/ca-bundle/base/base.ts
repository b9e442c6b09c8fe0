import { UserError } from '../../core/errors.ts';
import { readWhole } from '../../files/read.ts';
import { nodeRootCertificates } from '../../http/index.ts';
import type { Planner } from '../../step/plan.ts';
import { USUAL_PATHS } from './defaults.ts';
import { imageBase } from './image-base.ts';
import type { SourceRequest } from './inputs.ts';
import type { Base } from './store.ts';

/** The Mozilla roots that Node brings along: no network needed, but not what the runner image has. */
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

/** Gets the trust store that is to be extended. @throws UserError as `openImage` and reading a file out of an image do */
export async function baseOf(request: SourceRequest, planner: Pick<Planner, 'signal' | 'report'>): Promise<Base> {
  const { image: location, platform, 'image-path': imagePath, offline } = request;
  if (request.source === 'mozilla' || !location || !platform) return mozillaBase(imagePath);
  if (location.kind === 'file') return fileBase(location.path, imagePath);
  if (offline && location.kind === 'registry') {
    throw new UserError('SPACECTL_BAD_INPUT', '--offline and --source registry say opposite things; give one');
  }
  return imageBase(location, platform, request, planner);
}

/** A bundle that is there as a file. */
async function fileBase(file: string, imagePath: string | undefined): Promise<Base> {
  return {
    bytes: await readWhole(file),
    origin: file,
    provenance: { source: 'file', file: { path: file }, mountPath: imagePath ?? USUAL_PATHS[0] },
    warnings: [],
  };
}
