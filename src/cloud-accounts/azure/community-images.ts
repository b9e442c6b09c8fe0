import * as v from 'valibot';
import { AZ, askForOne } from '../ask-program.ts';

/** The fields that are read here (Azure/azure-cli, aaz/latest/sig/image_version/_list_community.py@1446a8d). */
const version = v.object({
  name: v.string(),
  publishedDate: v.nullish(v.string()),
  endOfLifeDate: v.nullish(v.string()),
  excludeFromLatest: v.nullish(v.boolean()),
});

/** A version of an image in a community gallery, as `az` describes it. */
export type CommunityImageVersion = v.InferOutput<typeof version>;

/**
 * Lists the versions of an image in a community gallery, with the user's own `az`.
 * @returns `undefined` if there is no such image
 * @throws UserError as `askProgram`
 */
export function listCommunityImageVersions(
  wanted: { readonly gallery: string; readonly image: string; readonly location: string },
  signal: AbortSignal,
): Promise<readonly CommunityImageVersion[] | undefined> {
  const which = ['--public-gallery-name', wanted.gallery, '--gallery-image-definition', wanted.image];
  const command = ['sig', 'image-version', 'list-community', ...which, '--location', wanted.location];
  // For what does not exist (Azure/azure-cli, azure/cli/core/util.py@0070732: handle_exception).
  const isMissing = ({ exitCode }: { exitCode: number }) => exitCode === 3;
  return askForOne(AZ, command, v.array(version), { signal, isMissing });
}
