import * as v from 'valibot';
import { BadJson, readJson } from '../../core/json.ts';
import { runProgram } from '../../programs/index.ts';
import { type Asked, causeIn } from '../asked.ts';

const deprecation = v.object({
  state: v.optional(v.string()),
  deprecated: v.optional(v.string()),
  obsolete: v.optional(v.string()),
  deleted: v.optional(v.string()),
});

/** Compute Engine API v1, images: the fields that are read here. */
const image = v.object({
  name: v.string(),
  creationTimestamp: v.string(),
  status: v.optional(v.string()),
  architecture: v.optional(v.string()),
  family: v.optional(v.string()),
  deprecated: v.optional(deprecation),
});

/** An image of Compute Engine, as its API describes it. */
export type GoogleImage = v.InferOutput<typeof image>;

/** Describes an image by its name, or the newest of a family, with the user's own `gcloud`. */
export async function describeGoogleImage(
  wanted: { readonly project: string } & ({ readonly family: string } | { readonly name: string }),
  signal: AbortSignal,
): Promise<Asked<GoogleImage>> {
  const which = 'family' in wanted ? ['describe-from-family', wanted.family] : ['describe', wanted.name];
  const args = ['compute', 'images', ...which, `--project=${wanted.project}`, '--format=json', '--quiet'];
  const { exitCode, stdout, stderr } = await runProgram('gcloud', args, { signal });
  if (exitCode !== 0) {
    // The exit code is 1 for every failure. An account that may not see the image gets another message.
    return /^ *-? *The resource '.*' was not found$/m.test(stderr)
      ? { isMissing: true }
      : { problem: `gcloud failed: ${causeIn(stderr)}` };
  }
  try {
    return { found: readJson(image, stdout.toString('utf8')) };
  } catch (error) {
    if (!(error instanceof BadJson)) throw error;
    return { problem: `gcloud's answer could not be read: ${error.message}` };
  }
}
