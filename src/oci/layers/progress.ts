import type { Layer, Report } from '../image.ts';

/** How much of an image was read. */
export interface LayerProgress {
  readonly layersRead: number;
  readonly bytesRead: number;
}

/** Milliseconds between two progress lines. */
const INTERVAL = 100;

/** Creates the callback that reports progress: transient lines while bytes come in, and a lasting one for each layer. */
export function createProgress(
  layers: readonly Layer[],
  report: Report | undefined,
): { onProgress?: (progress: LayerProgress, done?: Layer) => void } {
  if (!report) return {};
  const start = performance.now();
  let last = start;
  const total = layers.reduce((sum, { size }) => sum + size, 0);
  return {
    onProgress({ layersRead, bytesRead }, done) {
      const now = performance.now();
      if (!done && now - last < INTERVAL) return;
      last = now;
      const seconds = Math.max((now - start) / 1000, 0.001);
      const rate = `${megabytes(bytesRead)} of at most ${megabytes(total)} at ${megabytes(bytesRead / seconds)}/s`;
      const count = `${layersRead} of at most ${layers.length} layers`;
      if (done) report(`Read layer ${done.digest.slice(7, 19)}, ${megabytes(done.size)}: ${count}, ${rate}`);
      else report(`Reading ${count}, ${rate}`, 'passing');
    },
  };
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(1)} MB`;
}
