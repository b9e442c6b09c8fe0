import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { runProgram, streamProgram } from '../../src/programs/index.ts';
import { temporaryFolder } from '../services/temporary.ts';

const { signal } = new AbortController();

/** A shell script that leaves a process behind which has its pipes; that one ends with the test. */
async function leaving(script: string): Promise<readonly [program: string, args: readonly string[]]> {
  const file = path.join(await temporaryFolder(), 'pid');
  onTestFinished(async () => {
    const id = Number(await readFile(file, 'utf8').catch(() => ''));
    if (id > 0) process.kill(id, 'SIGKILL');
  });
  return ['sh', ['-c', `sleep 600 & echo $! >"$1"; ${script}`, 'sh', file]];
}

test('a program that leaves a process behind has ended when it ends, and all that it wrote is returned', async () => {
  const [program, args] = await leaving('head -c 300000 /dev/zero; echo said >&2; exit 3');
  const { exitCode, stdout, stderr } = await runProgram(program, args, { signal });
  expect({ exitCode, size: stdout.length, stderr }).toEqual({ exitCode: 3, size: 300_000, stderr: 'said' });
});

test('input that is not read does not hold a program that has ended', async () => {
  const [program, args] = await leaving('exit 0');
  expect(await runProgram(program, args, { signal, input: Buffer.alloc(1_000_000) })).toMatchObject({ exitCode: 0 });
});

test.each([
  ['a process it started has its pipes', 'sleep 600'],
  ['it ignores the request to end', 'trap "" TERM; while :; do sleep 0.1; done'],
])('the time limit holds although %s', async (_, script) => {
  const [program, args] = await leaving(script);
  await expect(runProgram(program, args, { signal, timeout: 200 })).rejects.toMatchObject({
    code: 'SPACECTL_PROGRAM_FAILED',
    message: 'sh did not finish within 0.2 seconds',
  });
});

test('when the user stops, a process in the background does not hold the command', async () => {
  const controller = new AbortController();
  const [program, args] = await leaving('sleep 600');
  const running = runProgram(program, args, { signal: controller.signal });
  setTimeout(() => controller.abort(), 200);
  await expect(running).rejects.toMatchObject({ code: 'SPACECTL_INTERRUPTED' });
});

test('output that is streamed is read to its end, and no further than the program itself', async () => {
  const [program, args] = await leaving('head -c 3000000 /dev/zero; echo said >&2');
  let size = 0;
  const take = (chunk: Buffer) => {
    size += chunk.length;
    return 'more' as const;
  };
  const { exitCode, isCut, stderr } = await streamProgram(program, args, take, { signal });
  expect({ exitCode, isCut, size, stderr }).toEqual({ exitCode: 0, isCut: false, size: 3_000_000, stderr: 'said' });
});

test('a stream has a time limit too, also while it goes on sending', async () => {
  const [program, args] = await leaving('while :; do echo x; sleep 0.05; done');
  await expect(streamProgram(program, args, () => 'more', { signal, timeout: 300 })).rejects.toMatchObject({
    code: 'SPACECTL_PROGRAM_FAILED',
    message: 'sh did not finish within 0.3 seconds',
  });
});

test('a reader that has enough is not held by a process in the background', async () => {
  const [program, args] = await leaving('while :; do echo x; done');
  expect(await streamProgram(program, args, () => 'enough', { signal })).toMatchObject({ isCut: true });
});
