import { afterEach, expect, test, vi } from 'vitest';
import { taskRunner } from '../../../commands/terminal/tasks.ts';

afterEach(() => {
  vi.useRealTimers();
  vi.restoreAllMocks();
});

test('As plain lines, what lasts is written at once, and progress that is soon out of date every ten seconds', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const lines: unknown[] = [];
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => lines.push(text) > 0);
  const run = await taskRunner({ isSilent: false, isPlain: true });
  await run([
    {
      title: 'Write the launcher',
      run: async (report) => {
        for (const megabytes of [1, 2, 3, 4]) {
          vi.advanceTimersByTime(4_000);
          report(`Received ${megabytes}.0 of 9.0 MB`, 'passing');
        }
        report('Read layer 0123456789ab');
      },
    },
  ]);
  expect(lines).toEqual(['Write the launcher\n', '  Received 3.0 of 9.0 MB\n', '  Read layer 0123456789ab\n']);
});
