import path from 'node:path';
import { expect } from 'vitest';
import { putKeyPair } from './key-pair.ts';
import { PROGRAM } from './program.ts';
import { testWith } from './programs.ts';
import { openTerminal, type Terminal } from './terminal.ts';

export const EXAMPLE_CA = path.resolve('docs/example-ca.pem');
export const withTmux = testWith('tmux', 'openssl');

/** Starts the wizard in a terminal. */
export const wizard = (cwd: string, ...flags: readonly string[]) =>
  openTerminal([process.execPath, PROGRAM, 'init', ...flags], { cwd });

/** What the wizard asks, as far as tests need it. */
export const QUESTIONS = {
  folder: 'Where should the files of this worker pool go?',
  token: "The pool's token",
  ca: 'leave empty for none',
  moreCa: 'leave empty to continue',
  image: 'Which runner image do the workers use?',
  target: 'What do you want to render?',
  cloud: 'Which cloud will read',
  comms: 'URL of Spacelift that workers poll',
  embed: 'Put the token and the private key into the document?',
  agree: 'Apply these changes?',
} as const;

/** Answers questions in the order they come; an array is keys, by tmux's names. */
export async function converse(
  terminal: Terminal,
  answers: readonly (readonly [keyof typeof QUESTIONS, string | readonly string[]])[],
): Promise<void> {
  for (const [question, answer] of answers) {
    await terminal.waitFor(QUESTIONS[question]);
    if (typeof answer === 'string') await terminal.enter(answer);
    else await terminal.press(...answer);
  }
}

/** Enters something wrong, waits until the prompt says so, and clears the line. */
export async function enterWrong(terminal: Terminal, text: string, complaint: string): Promise<void> {
  // What was typed is on the screen at once; keys pressed before the complaint are lost.
  expect(text).not.toContain(complaint);
  await terminal.enter(text);
  await terminal.waitFor(complaint);
  await terminal.press('C-u');
}

export async function poolWithKey(cwd: string, pair?: 'strange'): Promise<string> {
  const dir = path.join(cwd, pair ?? 'pool');
  await putKeyPair(dir, pair);
  return dir;
}
