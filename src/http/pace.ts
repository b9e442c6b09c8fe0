import type { IncomingMessage } from 'node:http';
import { slowRateError } from './failure.ts';

/** What a body must bring at least while it is read. */
export interface Pace {
  readonly bytes: number;
  /** Milliseconds. */
  readonly period: number;
}

/** One KiB a second, over a minute: a modem brings more. A server that sends less holds the program, and is never silent. */
export const USUAL_PACE: Pace = { bytes: 60 * 1024, period: 60_000 };

/**
 * Ends an answer whose body comes more slowly than it should. The time in which the reader was busy, so that the body was
 * paused, does not count; the rest is judged once it is half a period, since nothing may come in a moment.
 */
export function keepPace(answer: IncomingMessage, { bytes, period }: Pace, abort: (error: Error) => void): void {
  let received = 0;
  let waited = 0;
  let paused = 0;
  let pausedAt: number | undefined;
  const endPause = () => {
    if (pausedAt !== undefined) paused += Date.now() - pausedAt;
    pausedAt = undefined;
  };
  answer.on('data', (chunk: Buffer) => {
    received += chunk.length;
  });
  answer.on('pause', () => {
    pausedAt ??= Date.now();
  });
  answer.on('resume', endPause);
  const timer = setInterval(() => {
    const isPaused = pausedAt !== undefined;
    endPause();
    waited += Math.max(period - paused, 0);
    paused = 0;
    if (isPaused) pausedAt = Date.now();
    if (waited < period / 2) return;
    if (received < bytes * (waited / period) && !answer.complete) abort(slowRateError(received, period));
    received = 0;
    waited = 0;
  }, period);
  answer.once('close', () => clearInterval(timer));
}
