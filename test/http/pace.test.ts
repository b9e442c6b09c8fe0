import { EventEmitter } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { expect, onTestFinished, test, vi } from 'vitest';
import { keepPace } from '../../src/http/pace.ts';

const PACE = { bytes: 1000, period: 1000 };

/** An answer whose events the test sends, and the errors that ended it. */
function watched() {
  vi.useFakeTimers();
  onTestFinished(() => void vi.useRealTimers());
  const answer = new EventEmitter();
  const errors: Error[] = [];
  keepPace(answer as IncomingMessage, PACE, (error) => errors.push(error));
  return { answer, errors };
}

test('a moment between two long pauses in which nothing comes is not a slow answer', () => {
  const { answer, errors } = watched();
  for (let second = 0; second < 4; second += 1) {
    vi.advanceTimersByTime(5);
    answer.emit('pause');
    vi.advanceTimersByTime(990);
    answer.emit('resume');
    vi.advanceTimersByTime(5);
  }
  expect(errors).toEqual([]);
});

test('moments that add up to half a period are judged', () => {
  const { answer, errors } = watched();
  for (let second = 0; second < 3; second += 1) {
    answer.emit('pause');
    vi.advanceTimersByTime(800);
    answer.emit('resume');
    vi.advanceTimersByTime(200);
  }
  expect(errors).toMatchObject([{ code: 'ERR_SLOW_ANSWER' }]);
});

test('an answer that brings what is asked of a period goes on, and one that does not ends', () => {
  const { answer, errors } = watched();
  answer.emit('data', Buffer.alloc(1000));
  vi.advanceTimersByTime(1000);
  expect(errors).toEqual([]);
  answer.emit('data', Buffer.alloc(999));
  vi.advanceTimersByTime(1000);
  expect(errors).toMatchObject([{ code: 'ERR_SLOW_ANSWER' }]);
});
