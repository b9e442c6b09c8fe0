import { UserError } from '../core/errors.ts';

/** A reference to an image in a registry. With neither tag nor digest, `parseReference` sets the tag `latest`. */
export interface ImageReference {
  /** Host with port where one was given: `docker.io`, `127.0.0.1:5000`, `[::1]:5000`. */
  readonly registry: string;
  /** Path of the repository: `library/alpine`. */
  readonly repository: string;
  readonly tag?: string;
  /** `sha256:…`; it takes precedence over the tag, which is then only for display. */
  readonly digest?: string;
}

// The grammar of github.com/distribution/reference.
const HOST = /^(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?(?:\.[a-z0-9](?:[a-z0-9-]*[a-z0-9])?)*|\[[0-9a-f:]+\])(?::\d{1,5})?$/i;
const PATH_PART = /^[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*$/;
const TAG = /^\w[\w.-]{0,127}$/;
const DIGEST = /^(?:sha256:[0-9a-f]{64}|sha512:[0-9a-f]{128})$/;

const MAX_PORT = 65535;

/**
 * Parses an image reference as Docker does: without a host it is on Docker Hub, and a single name there is an official
 * image (`library/…`).
 *
 * @throws UserError `SPACECTL_BAD_INPUT`
 */
export function parseReference(text: string): ImageReference {
  if (isImageId(text)) {
    throw new UserError('SPACECTL_BAD_INPUT', `"${text}" is an image ID, which only a container engine can look up`, {
      suggestions: [
        'Pass --source docker or --source podman if an engine on this machine has the image',
        'Pass HOST/REPOSITORY@sha256:… to read an image by its digest',
      ],
    });
  }
  const [name = '', digest, ...rest] = text.trim().split('@');
  if (rest.length > 0 || (digest !== undefined && !DIGEST.test(digest))) {
    throw bad(text, 'expected a digest after @: sha256: and 64 hexadecimal digits');
  }
  const slash = name.indexOf('/');
  const first = slash < 0 ? '' : name.slice(0, slash);
  const hasHost = /[.:[]/.test(first) || first === 'localhost' || first !== first.toLowerCase();
  const registry = hasHost ? canonicalHost(first) : 'docker.io';
  const port = /:(\d+)$/.exec(registry)?.[1];
  if (HOST.test(registry) && port && (Number(port) === 0 || Number(port) > MAX_PORT))
    throw bad(text, `the port ${port} is out of range (1 to ${MAX_PORT})`);
  // What looks like an address has to be one, or no URL can be made of it.
  if (!HOST.test(registry) || !URL.canParse(`https://${registry}`)) throw bad(text, `"${registry}" is not a host name`);
  const [path = '', tag, ...more] = (hasHost ? name.slice(slash + 1) : name).split(':');
  if (more.length > 0 || (tag !== undefined && !TAG.test(tag))) throw bad(text, 'the tag is not valid');
  const repository = registry === 'docker.io' && !path.includes('/') ? `library/${path}` : path;
  if (repository.length > 255 || !repository.split('/').every((part) => PATH_PART.test(part))) {
    const isCase = path !== path.toLowerCase();
    throw bad(text, isCase ? 'the repository must be in lower case' : `"${path}" is not a valid repository name`);
  }
  if (digest) return { registry, repository, ...(tag && { tag }), digest };
  return { registry, repository, tag: tag ?? 'latest' };
}

/**
 * Reports whether a text can only be the ID of an image in a container engine: a digest, whole or abbreviated. (The grammar
 * of distribution/reference rejects names of 64 hexadecimal digits.)
 */
export function isImageId(text: string): boolean {
  return /^(?:sha256:[0-9a-f]{1,64}|[0-9a-f]{64})$/.test(text);
}

/** Formats a reference in full: `docker.io/library/alpine:3.20@sha256:…`. */
export function formatReference({ registry, repository, tag, digest }: ImageReference): string {
  return `${registry}/${repository}${tag ? `:${tag}` : ''}${digest ? `@${digest}` : ''}`;
}

/** Maps the host names of Docker Hub to one. */
function canonicalHost(host: string): string {
  return host === 'index.docker.io' || host === 'registry-1.docker.io' ? 'docker.io' : host;
}

function bad(text: string, why: string): UserError {
  return new UserError('SPACECTL_BAD_INPUT', `"${text}" is not an image reference: ${why}`, {
    suggestions: ['Pass HOST/REPOSITORY:TAG, such as public.ecr.aws/spacelift/runner-terraform:latest'],
  });
}
