import path from 'node:path';
import { expect, test } from 'vitest';
import { askPs, hasOurAncestor, type LookAt, lookInProc } from '../../../src/spacelift/cli/ancestors.ts';
import { PROGRAM } from '../../services/program.ts';
import { testWith } from '../../services/programs.ts';

const { signal } = new AbortController();

/** A chain of processes, the parent first; the last one is the child of process 1. */
function chain(...commands: readonly (readonly string[])[]): LookAt {
  const ids = commands.map((_, index) => (index === 0 ? process.ppid : 1_000_000 + index));
  return async (processId) => {
    const index = ids.indexOf(processId);
    const words = commands[index];
    return words && { parent: ids[index + 1] ?? 1, words, folder: process.cwd() };
  };
}

test.each([
  ['node with our program', ['node', PROGRAM, 'stack', 'list'], true],
  ['with options of node', ['node', '--enable-source-maps', '--no-warnings', PROGRAM, 'stack'], true],
  ['by a relative path', ['node', path.relative('.', PROGRAM)], true],
  ['another program of this project', ['node', path.resolve('build/docs.mjs')], false],
  ['a shell', ['/bin/sh', '-c', 'spacectl stack list'], false],
])('This program is recognized among its ancestors by what they run: %s', async (_, words, expected) => {
  expect(await hasOurAncestor(signal, chain(['sh'], ['env', '-i', 'sh'], words))).toBe(expected);
});

test('A process that cannot be inspected, or that is its own parent, ends the search', async () => {
  expect(await hasOurAncestor(signal, async () => undefined)).toBe(false);
  expect(await hasOurAncestor(signal, async (parent) => ({ parent, words: [], folder: '/' }))).toBe(false);
});

testWith('ps')('/proc and ps agree about a process', async () => {
  for (const lookAt of [lookInProc, askPs]) {
    const found = await lookAt(process.pid, signal);
    expect(found?.parent).toBe(process.ppid);
    expect(found?.words.join(' ')).toMatch(/node|vitest/);
  }
  expect(await askPs(2 ** 22 + 1, signal)).toBeUndefined();
  expect(await lookInProc(2 ** 22 + 1, signal)).toBeUndefined();
});
