import { UserError } from '../../core/errors.ts';
import { discard, type HttpResponse } from '../../http/index.ts';
import type { Repository } from './repository.ts';

export interface Mirror {
  readonly host: string;
  readonly repository: Repository;
}

/**
 * A repository that is asked for at mirrors first. One that fails is not asked again; for what one merely does not have,
 * the next is asked, and the registry itself last. Everything is checked against digests, wherever it came from; only for
 * a tag does the mirror's word count.
 *
 * @throws UserError as the registry's own repository, once that is asked
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
        report(`${error.message}: going on without the mirror ${mirror.host}`);
      }
    }
    return own[method](...request);
  }

  return {
    get: (...request) => ask('get', ...request),
    head: (...request) => ask('head', ...request),
  };
}
