import type { Layer, Report } from '../image.ts';

/** What is going on, for whoever watches. */
export interface LayerProgress {
  readonly layersRead: number;
  readonly bytesRead: number;
}

/** Milliseconds between two looks at a transfer. */
const INTERVAL = 100;

/** Says how far reading has come: in passing while bytes come in, and for good with every layer that is done. */
export function progressOf(
  layers: readonly Layer[],
  report: Report | undefined,
): { onProgress?: (progress: LayerProgress, done?: Layer) => void } {
  if (!report) return {};
  const start = performance.now();
  let last = start;
  return {
    onProgress({ layersRead, bytesRead }, done) {
      const now = performance.now();
      if (!done && now - last < INTERVAL) return;
      last = now;
      const seconds = Math.max((now - start) / 1000, 0.001);
      const sum = `${megabytes(bytesRead)} at ${megabytes(bytesRead / seconds)}/s`;
      const which = `${layersRead} of at most ${layers.length} layers`;
      if (done) report(`Read layer ${done.digest.slice(7, 19)}, ${megabytes(done.size)}: ${which}, ${sum}`);
      else report(`Reading ${which}, ${sum}`, 'passing');
    },
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
