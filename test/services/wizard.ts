import path from 'node:path';
import { expect } from 'vitest';
import { putKeyPair } from './key-pair.ts';
import { PROGRAM } from './program.ts';
import { testWith } from './programs.ts';
import type { Spacelift } from './spacelift.ts';
import { openTerminal, type Terminal } from './terminal.ts';

export const EXAMPLE_CA = path.resolve('docs/example-ca.pem');
export const withTmux = testWith('tmux', 'openssl');

/** Starts the wizard in a terminal. */
export const wizard = (cwd: string, ...flags: readonly string[]) => wizardWith({}, cwd, ...flags);

/** Starts the wizard in a terminal, with more variables in its environment. */
export const wizardWith = (env: Readonly<Record<string, string>>, cwd: string, ...flags: readonly string[]) =>
  openTerminal([process.execPath, PROGRAM, 'init', ...flags], { cwd, env });

/** What the wizard asks, as far as tests need it. */
export const QUESTIONS = {
  folder: 'Where should the files of this worker pool go?',
  token: "The pool's token",
  ca: 'Certificates of a private CA',
  goal: 'What do you want to have at the end?',
  comms: 'URL of Spacelift that workers poll',
  // The terminal may break the line between the words.
  review: /Esc\s+leaves/,
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

/** Enters an API key where no credentials are found; first with a wrong secret, which the wizard rejects at once. */
export async function enterApiKey(terminal: Terminal, { url, key }: Pick<Spacelift, 'url' | 'key'>): Promise<void> {
  await terminal.waitFor('Address of your Spacelift account');
  await terminal.enter(url);
  await terminal.waitFor('ID of the API key');
  await terminal.enter(key.id);
  await terminal.waitFor('Secret of the API key');
  await terminal.enter('not-the-secret');
  await terminal.waitFor('rejected the credentials from the given API key');
  await terminal.enter(key.secret);
}

/** Chooses targets one by one: keys in the list of targets, of which the first is chosen already. */
export const filesOnly = (...keys: readonly string[]) => ['Up', 'Enter', ...keys, 'Enter'];

/** Edits a line of the review, and waits until the review is there again. */
export async function editLine(terminal: Terminal, label: string, answer: string | readonly string[]): Promise<void> {
  await moveTo(terminal, new RegExp(`❯ . ${label} `));
  await terminal.press('Right');
  await terminal.waitFor(/^[?] /m);
  if (typeof answer === 'string') await terminal.enter(answer);
  else await terminal.press(...answer);
  await terminal.waitFor(QUESTIONS.review);
}

/** Moves the marker of the review until the screen shows this. */
export async function moveTo(terminal: Terminal, place: RegExp): Promise<void> {
  let screen = await terminal.waitFor(QUESTIONS.review);
  for (let moves = 0; !place.test(screen); moves++) {
    if (moves > 60) throw new Error(`the marker never reached ${place}:\n${screen}`);
    const before = screen;
    await terminal.press('Down');
    screen = await terminal.waitForChange(before);
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
