import { UserError } from '../../core/errors.ts';
import { discard, type HttpResponse } from '../../http/index.ts';
import type { Repository } from './repository.ts';

/** A mirror of a registry. */
export interface Mirror {
  readonly host: string;
  readonly repository: Repository;
}

/**
 * Creates a repository that tries mirrors first. A mirror that fails is not tried again; where one does not have
 * something, the next is tried, and the registry itself last. All content is checked against digests, wherever it comes
 * from; which digest a tag has is up to the mirror.
 *
 * @throws UserError as the registry's own repository, once it is tried
 */
export function withMirrors(
  mirrors: readonly Mirror[],
  own: Repository,
  report: (progress: string) => void,
): Repository {
  const working = new Set(mirrors);

  async function ask(method: keyof Repository, ...request: Parameters<Repository['get']>): Promise<HttpResponse> {
    for (const mirror of working) {
      try {
        const response = await mirror.repository[method](...request);
        if (response.status !== 404) return response;
        discard(response);
      } catch (error) {
        const isItsFault = error instanceof UserError && /UNREACHABLE|NOT_ALLOWED/.test(error.code);
        if (!isItsFault) throw error;
        working.delete(mirror);
        report(`${error.message}. Continuing without the mirror ${mirror.host}`);
      }
    }
    return own[method](...request);
  }

  return {
    get: (...request) => ask('get', ...request),
    head: (...request) => ask('head', ...request),
  };
}
