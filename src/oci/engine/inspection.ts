import * as v from 'valibot';
import { readJson } from '../../core/json.ts';
import { runProgram } from '../../programs/index.ts';
import { parseEnvironment } from '../configuration.ts';
import type { Environment } from '../image.ts';
import type { EngineImage } from '../location.ts';
import type { Platform } from '../platform.ts';
import { formatReference, type ImageReference } from '../reference.ts';
import { type Engine, engineError } from './container.ts';

/** An image that an engine has. */
export interface LocalImage {
  readonly reference: string;
  readonly imageId: string;
  readonly platform: Platform;
  /** Whether it was looked up by its ID. */
  readonly isById?: boolean;
  /** The digest that it was pulled by, if it was pulled. */
  readonly manifestDigest?: string;
  /** Bytes of its files, unpacked; 0 if the engine does not say. */
  readonly size: number;
  /** The environment variables of its containers. */
  readonly variables: Environment;
}

/**
 * Finds out what a program for containers is.
 * @throws UserError `SPACECTL_PROGRAM_MISSING`, `SPACECTL_PROGRAM_FAILED` if the engine cannot be used
 */
export async function findEngine(program: Engine['program'], signal: AbortSignal): Promise<Engine> {
  const { exitCode, stdout, stderr } = await runProgram(program, ['version'], { signal });
  if (exitCode !== 0)
    throw engineError({ program }, 'cannot be used', stderr, [`Check that it runs: ${program} version`]);
  // The client's name, or that of the service behind Docker's client.
  return {
    program,
    isPodman: program === 'podman' || /^[ \t]{0,20}(?:Client:\s{0,20})?Podman Engine/m.test(stdout.toString()),
  };
}

/**
 * Finds an image in an engine; one that was built with podman and never pushed is under `localhost`. The engine decides what
 * a text is that may be a name or an ID.
 *
 * @returns `undefined` if the engine does not have the image
 * @throws UserError `SPACECTL_PROGRAM_FAILED`
 */
export async function inspectImage(
  engine: Engine,
  { id, reference }: EngineImage,
  signal: AbortSignal,
): Promise<LocalImage | undefined> {
  const byId = id === undefined ? undefined : await inspect(engine, id, `the image ${id}`, signal);
  if (byId) {
    const isId = byId.imageId.startsWith(`sha256:${id}`);
    return { ...byId, reference: isId || !reference ? byId.imageId : formatReference(reference), isById: isId };
  }
  for (const each of reference ? spellings(engine, reference) : []) {
    const found = await inspect(engine, formatForEngine(each), formatReference(each), signal);
    if (found) return found;
  }
  return undefined;
}

function spellings({ isPodman }: Engine, reference: ImageReference): readonly ImageReference[] {
  const unpushed = { ...reference, registry: 'localhost', repository: reference.repository.replace(/^library\//, '') };
  return isPodman ? [reference, unpushed] : [reference];
}

async function inspect(
  engine: Engine,
  name: string,
  reference: string,
  signal: AbortSignal,
): Promise<LocalImage | undefined> {
  const { exitCode, stdout } = await runProgram(engine.program, ['image', 'inspect', name], { signal });
  return exitCode === 0 ? parseInspection(engine, reference, stdout) : undefined;
}

const text = v.nullish(v.string());
const inspection = v.array(
  v.object({
    Id: text,
    Os: text,
    Architecture: text,
    Variant: text,
    Size: v.fallback(v.number(), 0),
    RepoDigests: v.nullish(v.array(v.string())),
    Config: v.fallback(v.nullish(v.object({ Env: v.nullish(v.array(v.string())) })), null),
  }),
);

/** Reads what `image inspect` prints. @throws UserError `SPACECTL_PROGRAM_FAILED` */
export function parseInspection(engine: Pick<Engine, 'program'>, reference: string, output: Buffer): LocalImage {
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
    size: image.Size,
    variables: parseEnvironment(image.Config?.Env ?? []),
  };
}

function readInspection(
  engine: Pick<Engine, 'program'>,
  reference: string,
  output: Buffer,
): v.InferOutput<typeof inspection> {
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
