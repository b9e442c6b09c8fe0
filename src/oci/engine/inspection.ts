import * as v from 'valibot';
import { readJson } from '../../core/json.ts';
import { runProgram } from '../../programs/index.ts';
import type { Platform } from '../platform.ts';
import { formatReference, type ImageReference } from '../reference.ts';
import { type Engine, engineError } from './container.ts';

/** An image that an engine has. */
export interface LocalImage {
  readonly reference: string;
  readonly imageId: string;
  readonly platform: Platform;
  /** The digest that it was pulled by, if it was pulled. */
  readonly manifestDigest?: string;
}

/**
 * Finds an image in an engine; one that was built with podman and never pushed is under `localhost`.
 *
 * @returns `undefined` if the engine does not have the image
 * @throws UserError `SPACECTL_PROGRAM_MISSING`, `SPACECTL_PROGRAM_FAILED` if the engine cannot be used
 */
export async function inspectImage(
  engine: Engine,
  reference: ImageReference,
  signal: AbortSignal,
): Promise<LocalImage | undefined> {
  const unpushed = { ...reference, registry: 'localhost', repository: reference.repository.replace(/^library\//, '') };
  for (const each of engine === 'podman' ? [reference, unpushed] : [reference]) {
    const { exitCode, stdout, stderr } = await runProgram(engine, ['image', 'inspect', formatForEngine(each)], {
      signal,
    });
    if (exitCode === 0) return parseInspection(engine, formatReference(each), stdout);
    const version = await runProgram(engine, ['version'], { signal });
    if (version.exitCode !== 0) {
      throw engineError(engine, 'cannot be used', stderr || version.stderr, [`Check that it runs: ${engine} version`]);
    }
  }
  return undefined;
}

const text = v.nullish(v.string());
const inspection = v.array(
  v.object({ Id: text, Os: text, Architecture: text, Variant: text, RepoDigests: v.nullish(v.array(v.string())) }),
);

/** Reads what `image inspect` prints. @throws UserError `SPACECTL_PROGRAM_FAILED` */
export function parseInspection(engine: Engine, reference: string, output: Buffer): LocalImage {
  const [image] = readInspection(engine, reference, output);
  const id = image?.Id;
  if (!id) throw engineError(engine, `image inspect printed no ID for ${reference}`, '');
  const [digest] = image.RepoDigests?.map((each) => each.split('@')[1]) ?? [];
  return {
    reference,
    imageId: id.includes(':') ? id : `sha256:${id}`,
    platform: {
      os: image.Os ?? 'linux',
      architecture: image.Architecture ?? 'unknown',
      ...(image.Variant && { variant: image.Variant }),
    },
    ...(digest && { manifestDigest: digest }),
  };
}

function readInspection(engine: Engine, reference: string, output: Buffer): v.InferOutput<typeof inspection> {
  try {
    return readJson(inspection, output.toString('utf8'));
  } catch (error) {
    throw engineError(engine, `image inspect ${reference} printed unexpected output`, (error as Error).message);
  }
}

/** Formats a reference for an engine: with a tag or a digest, not both. */
export function formatForEngine({ tag, ...reference }: ImageReference): string {
  return formatReference(reference.digest || !tag ? reference : { ...reference, tag });
}
