import { LIMITS } from '../limits.ts';

/**
 * Which layers an image says were written by BuildKit, by the history in its configuration (OCI image-spec, config.md).
 * Bottom first; none if history and layers do not go together. It is only a hint: whether a layer is in order is seen
 * while it is read.
 */
export function writtenInOrder(configuration: Buffer, layers: number): readonly boolean[] {
  if (configuration.length > LIMITS.manifestBytes) return [];
  try {
    const { history } = JSON.parse(configuration.toString('utf8')) as { history?: unknown };
    const entries = (Array.isArray(history) ? history : []).filter((entry) => entry?.empty_layer !== true);
    if (entries.length !== layers) return [];
    return entries.map((entry) => typeof entry?.comment === 'string' && entry.comment.startsWith('buildkit.'));
  } catch {
    return [];
  }
}
