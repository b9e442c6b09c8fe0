import { expect, test } from 'vitest';
import { followProgram } from '../../src/programs/index.ts';

const follow = (script: string, options: { input?: string; signal?: AbortSignal } = {}) => {
  const told: string[] = [];
  const { signal = new AbortController().signal, ...rest } = options;
  const run = followProgram('sh', ['-c', script], (line) => void told.push(line), { signal, ...rest });
  return { run, told };
};

test('each line of both channels is told, and the exit code is returned', async () => {
  const { run, told } = follow('echo one; sleep 0.1; echo two >&2; sleep 0.1; cat; exit 3', { input: 'three\nfour' });
  expect(await run).toEqual({ exitCode: 3, lines: ['one', 'two', 'three', 'four'] });
  expect(told).toEqual(['one', 'two', 'three', 'four']);
});

test('a program that is not installed is an error', async () => {
  const { signal } = new AbortController();
  await expect(followProgram('no-such-program', [], () => {}, { signal })).rejects.toMatchObject({
    code: 'SPACECTL_PROGRAM_MISSING',
  });
});

test('a program that is stopped gets one signal, and its end is waited for', async () => {
  const controller = new AbortController();
  const script = `n=0
    trap 'n=$((n + 1)); echo "stopping $n"; sleep 0.3; echo ended; exit 0' INT
    echo ready
    while :; do sleep 0.05; done`;
  const { run, told } = follow(script, { signal: controller.signal });
  const failed = run.catch((error: unknown) => error);
  await expect.poll(() => told).toEqual(['ready']);
  controller.abort();
  expect(await failed).toMatchObject({ code: 'SPACECTL_INTERRUPTED' });
  expect(told).toEqual(['ready', 'stopping 1', 'ended']);
});

test('secrets of ours are not in its environment', async () => {
  process.env['SPACELIFT_API_KEY_SECRET'] = 'hush';
  try {
    expect((await follow('env').run).lines.join('\n')).not.toContain('hush');
  } finally {
    delete process.env['SPACELIFT_API_KEY_SECRET'];
  }
});
