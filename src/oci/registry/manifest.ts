import { UserError } from '../../core/errors.ts';
import { isJson } from '../../core/json.ts';
import { discard, fetchWhole, type WholeResponse } from '../../http/index.ts';
import { badImage } from '../bad-image.ts';
import { checkDigest, digestOf } from '../digest.ts';
import { LIMITS } from '../limits.ts';
import { type Descriptor, MANIFEST_TYPES, parseManifest } from '../manifest.ts';
import { formatReference, type ImageReference } from '../reference.ts';
import type { FoundManifest } from '../resolve.ts';
import { connect, type RegistryOptions } from './connect.ts';
import type { Repository } from './repository.ts';

/** The manifest to fetch: by digest, or else by tag. */
export type ManifestRequest = Partial<Pick<Descriptor, 'digest' | 'size'>> & Pick<ImageReference, 'tag'>;

const ACCEPT = { accept: MANIFEST_TYPES.join(', ') };

/** Asks a registry for the digest of a reference. See `lazy.ts`. */
export async function headManifest(
  reference: ImageReference,
  options: RegistryOptions,
): Promise<{ digest: string } | undefined> {
  const { repository, close } = await connect(reference, options);
  try {
    const response = await repository.head(`manifests/${wantedOf(reference)}`, ACCEPT, options.signal);
    discard(response);
    if (response.status === 404) return undefined;
    const digest = response.headers['docker-content-digest'];
    if (typeof digest === 'string') return { digest };
    // Earlier versions of the distribution-spec do not require the header. The digest is that of the bytes.
    return await fetchManifest(repository, reference, formatReference(reference), options.signal);
  } finally {
    close();
  }
}

/**
 * Fetches a manifest and checks it against the requested digest, or else against the one that the registry sends. One that
 * is cut off, or does not match, is fetched again.
 *
 * @throws UserError `SPACECTL_NO_IMAGE`; `SPACECTL_UNREACHABLE` if it ends early each time; `SPACECTL_DIGEST_MISMATCH`,
 *   `SPACECTL_BAD_IMAGE`
 */
export async function fetchManifest(
  repository: Repository,
  request: ManifestRequest,
  name: string,
  signal: AbortSignal,
): Promise<FoundManifest & { bytes: Buffer }> {
  const ask = async () => {
    const response = await repository.get(`manifests/${wantedOf(request)}`, ACCEPT, signal);
    if (response.status !== 404) return response;
    discard(response);
    throw noImage(name, request.digest);
  };
  const isComplete = (whole: WholeResponse) => !problemWith(whole, request, name);
  const options = { limit: LIMITS.manifestBytes, signal, isComplete };
  const whole = await fetchWhole(ask, options).catch((error: unknown) => {
    const isTooLarge = error instanceof UserError && error.code === 'SPACECTL_BAD_DATA';
    throw isTooLarge
      ? badImage(`The manifest of ${name} has more than ${LIMITS.manifestBytes} bytes`, { cause: error })
      : error;
  });
  const problem = problemWith(whole, request, name);
  if (problem) throw problem;
  const bytes = whole.body;
  return { digest: expectedOf(whole, request) ?? digestOf(bytes), manifest: parseManifest(bytes, name), bytes };
}

function wantedOf({ digest, tag }: ManifestRequest): string {
  return digest ?? tag ?? 'latest';
}

function expectedOf({ response }: WholeResponse, { digest }: ManifestRequest): string | undefined {
  const sent = response.headers['docker-content-digest'];
  return digest ?? (typeof sent === 'string' ? sent : undefined);
}

/** Says what is wrong with the bytes of a manifest. Only of a whole one is it said that it was altered. */
function problemWith(whole: WholeResponse, request: ManifestRequest, name: string): UserError | undefined {
  const expected = expectedOf(whole, request);
  if (expected === undefined) return undefined;
  const { body, response } = whole;
  const what = `The manifest of ${name}`;
  const check = checkDigest(expected, what, request.size);
  try {
    check.update(body);
    check.finish();
    return undefined;
  } catch (error) {
    const isShort = request.size === undefined ? !isJson(body.toString('utf8')) : body.length < request.size;
    if (!isShort) return error as UserError;
    const of = request.size === undefined ? '' : ` of ${request.size}`;
    const message = `${what} from ${response.url.host} ended early, after ${body.length}${of} bytes`;
    return new UserError('SPACECTL_UNREACHABLE', message, {
      suggestions: ['Try again. If it fails again, the registry or a proxy has only a part of the image'],
    });
  }
}

function noImage(name: string, digest: string | undefined): UserError {
  const which = digest ? `: the registry has no manifest ${digest}` : '';
  return new UserError('SPACECTL_NO_IMAGE', `${name} does not exist${which}`, {
    suggestions: ['Check the repository and the tag'],
  });
}
