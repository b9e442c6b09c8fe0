import * as v from 'valibot';
import { readJson } from '../../core/json.ts';
import { LIMITS } from '../limits.ts';

const entry = v.fallback(
  v.object({
    empty_layer: v.optional(v.unknown()),
    comment: v.fallback(v.optional(v.string()), undefined),
  }),
  {},
);
const document = v.object({ history: v.fallback(v.array(entry), []) });

/**
 * Finds the layers that were written by BuildKit, by the history in an image's configuration (OCI image-spec, config.md).
 * Bottom first; none if history and layers do not match. It is only a hint: whether a layer is in order shows while it is
 * read.
 */
export function findBuildKitLayers(configuration: Buffer, layers: number): readonly boolean[] {
  if (configuration.length > LIMITS.manifestBytes) return [];
  try {
    const { history } = readJson(document, configuration.toString('utf8'));
    const written = history.filter((each) => each.empty_layer !== true);
    if (written.length !== layers) return [];
    return written.map(({ comment = '' }) => comment.startsWith('buildkit.'));
  } catch {
    return [];
  }
}
