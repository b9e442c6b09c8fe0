import type { Lifecycle, When } from '../status.ts';
import type { Asking } from './ask-cloud.ts';
import { checkCommunityImage } from './azure.ts';
import { checkGoogleImage } from './google.ts';
import { readCloudReference } from './reference.ts';

/**
 * Says where an image of Azure or Google Cloud stands: whether its line is still built, and how old it is. The user's own
 * `az` or `gcloud` is asked; without it, only the name and what is known of Spacelift's lines count.
 * @param reference as configurations write it; anything else than one of a public image is unknown
 */
export async function checkCloudImage(reference: string, when: When, how: Asking): Promise<Lifecycle> {
  const parsed = readCloudReference(reference);
  if (!parsed) return { status: 'unknown', note: 'it is not a public image: only its owner knows how old it is' };
  return parsed.cloud === 'gcp' ? checkGoogleImage(parsed, when, how) : checkCommunityImage(parsed, when, how);
}
