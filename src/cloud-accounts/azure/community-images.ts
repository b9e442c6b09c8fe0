import * as v from 'valibot';
import { BadJson, readJson } from '../../core/json.ts';
import { runProgram } from '../../programs/index.ts';
import { type Asked, causeIn } from '../asked.ts';

/** The fields that are read here (Azure/azure-cli, aaz/latest/sig/image_version/_list_community.py@1446a8d). */
const version = v.object({
  name: v.string(),
  publishedDate: v.nullish(v.string()),
  endOfLifeDate: v.nullish(v.string()),
  excludeFromLatest: v.nullish(v.boolean()),
});

/** A version of an image in a community gallery, as `az` describes it. */
export type CommunityImageVersion = v.InferOutput<typeof version>;

/** Lists the versions of an image in a community gallery, with the user's own `az`. */
export async function listCommunityImageVersions(
  wanted: { readonly gallery: string; readonly image: string; readonly location: string },
  signal: AbortSignal,
): Promise<Asked<readonly CommunityImageVersion[]>> {
  const which = ['--public-gallery-name', wanted.gallery, '--gallery-image-definition', wanted.image];
  const args = ['sig', 'image-version', 'list-community', ...which, '--location', wanted.location, '--output', 'json'];
  const { exitCode, stdout, stderr } = await runProgram('az', args, { signal });
  // For what does not exist (Azure/azure-cli, azure/cli/core/util.py@0070732: handle_exception).
  if (exitCode === 3) return { isMissing: true };
  if (exitCode !== 0) return { problem: `az failed: ${causeIn(stderr)}` };
  try {
    return { found: readJson(v.array(version), stdout.toString('utf8')) };
  } catch (error) {
    if (!(error instanceof BadJson)) throw error;
    return { problem: `az's answer could not be read: ${error.message}` };
  }
}
