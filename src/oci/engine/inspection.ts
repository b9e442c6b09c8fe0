import * as v from 'valibot';
import { readJson } from '../../core/json.ts';
import { runProgram } from '../../programs/index.ts';
import type { Platform } from '../platform.ts';
import { formatReference, type ImageReference } from '../reference.ts';
import { type Engine, failed } from './container.ts';

/** What an engine says about an image it has. */
export interface Local {
  readonly reference: string;
  readonly imageId: string;
  readonly platform: Platform;
  /** What it was pulled by, if it was. */
  readonly manifestDigest?: string;
}

/**
 * What the engine has under a reference; an image built with podman and never pushed is under `localhost`.
 *
 * @returns `undefined` if there is no such image
 * @throws UserError `SPACECTL_PROGRAM_MISSING`, `SPACECTL_PROGRAM_FAILED` if the engine does not answer
 */
export async function inspect(
  engine: Engine,
  reference: ImageReference,
  signal: AbortSignal,
): Promise<Local | undefined> {
  const own = { ...reference, registry: 'localhost', repository: reference.repository.replace(/^library\//, '') };
  for (const each of engine === 'podman' ? [reference, own] : [reference]) {
    const { exitCode, stdout, stderr } = await runProgram(engine, ['image', 'inspect', plain(each)], { signal });
    if (exitCode === 0) return parseInspection(engine, formatReference(each), stdout);
    const isUp = await runProgram(engine, ['version'], { signal });
    if (isUp.exitCode !== 0) throw failed(engine, 'cannot be used', stderr || isUp.stderr);
  }
  return undefined;
}

const text = v.nullish(v.string());
const inspection = v.array(
  v.object({ Id: text, Os: text, Architecture: text, Variant: text, RepoDigests: v.nullish(v.array(v.string())) }),
);

function parseInspection(engine: Engine, reference: string, output: Buffer): Local {
  const [image] = readInspection(engine, reference, output);
  const id = image?.Id;
  if (!id) throw failed(engine, `image inspect printed no ID for ${reference}`, '');
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
    throw failed(engine, `image inspect ${reference} printed something else than expected`, (error as Error).message);
  }
}

/** A reference as engines take it: with a tag or a digest, not both. */
export function plain({ tag, ...reference }: ImageReference): string {
  return formatReference(reference.digest || !tag ? reference : { ...reference, tag });
}
