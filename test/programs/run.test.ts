import { expect, test, vi } from 'vitest';
import { runProgram } from '../../src/programs/index.ts';

const { signal } = new AbortController();

test('a program gets input and arguments as they are, and its output is returned, whatever the exit code', async () => {
  const ended = await runProgram('sh', ['-c', 'cat; echo "$1" >&2; exit 3', 'sh', '* $HOME'], {
    signal,
    input: 'in\r\n',
  });
  expect({ ...ended, stdout: ended.stdout.toString() }).toEqual({ exitCode: 3, stdout: 'in\r\n', stderr: '* $HOME' });
});

test('a program does not get our secrets, and gets the rest of the environment', async () => {
  vi.stubEnv('SPACECTL_TOKEN', 'secret');
  vi.stubEnv('SPACELIFT_API_KEY_SECRET', 'secret');
  vi.stubEnv('SPACELIFT_POOL_PRIVATE_KEY', 'secret');
  vi.stubEnv('OTHER', 'kept');
  const { stdout } = await runProgram('env', [], { signal, environment: { MORE: '1' } });
  vi.unstubAllEnvs();
  expect(stdout.toString()).not.toContain('secret');
  expect(stdout.toString()).toContain('OTHER=kept');
  expect(stdout.toString()).toContain('MORE=1');
});

test.each([
  ['is not there', 'no-such-program', [], {}, 'SPACECTL_PROGRAM_MISSING'],
  ['takes too long', 'sleep', ['60'], { timeout: 50 }, 'SPACECTL_PROGRAM_FAILED'],
  ['is killed', 'sh', ['-c', 'kill -9 $$'], {}, 'SPACECTL_PROGRAM_FAILED'],
])('a program that %s', async (_name, program, args, options, code) => {
  await expect(runProgram(program, args, { signal, ...options })).rejects.toMatchObject({ code });
});

test('a program ends when the user stops', async () => {
  const controller = new AbortController();
  const running = runProgram('sleep', ['60'], { signal: controller.signal });
  controller.abort();
  await expect(running).rejects.toMatchObject({ code: 'SPACECTL_INTERRUPTED' });
});
