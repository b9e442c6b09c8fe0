import * as v from 'valibot';
import { askForOne, GCLOUD } from '../ask-program.ts';

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

/**
 * Describes an image by its name, or the newest of a family, with the user's own `gcloud`.
 * @returns `undefined` if there is none
 * @throws UserError as `askProgram`
 */
export function describeGoogleImage(
  wanted: { readonly project: string } & ({ readonly family: string } | { readonly name: string }),
  signal: AbortSignal,
): Promise<GoogleImage | undefined> {
  const which = 'family' in wanted ? ['describe-from-family', wanted.family] : ['describe', wanted.name];
  const command = ['compute', 'images', ...which, '--project', wanted.project];
  // The exit code is 1 for every failure. An account that may not see the image gets another message.
  const isMissing = ({ stderr }: { stderr: string }) => /^ *- The resource '.*' was not found$/m.test(stderr);
  return askForOne(GCLOUD, command, image, { signal, isMissing });
}
