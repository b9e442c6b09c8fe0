import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { PROGRAM } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal } from '../services/terminal.ts';
import { makeToken } from '../services/token.ts';
import { converse, EXAMPLE_CA, poolWithKey, QUESTIONS, withTmux, wizard } from '../services/wizard.ts';

/** Starts a shell in a terminal: only a shell stops and continues its programs. */
const shell = (cwd: string, ...words: readonly string[]) => openTerminal(words, { cwd, env: { PS1: '$ ', ENV: '' } });
const BASH = ['bash', '--norc', '--noprofile', '-i'] as const;
const INIT = `${process.execPath} ${PROGRAM} init --offline --bits 2048`;

/** With an installation of its own, the wizard asks one more question after the CA: the URL that workers poll. */
const SELF_HOSTED = ['--domain', 'spacelift.example.com'] as const;

/** Longer than any token, and unlike everything else on the screen. */
const LONG = 'tokenTOKEN'.repeat(500);
const WRAPPED = LONG.replace(/.{80}/g, '$&\n');

withTmux.each([
  ['marked', LONG, true, true],
  ['marked, with a line break at the end', `${LONG}\n`, true, true],
  ['marked, wrapped', `${WRAPPED}\n`, true, true],
  ['not marked', LONG, false, true],
  ['not marked, with a line break at the end', `${LONG}\n`, false, false],
  ['not marked, wrapped', `${WRAPPED}\n`, false, false],
] as const)('A secret of 5,000 characters, pasted (%s), is not shown', async (_name, text, isMarked, needsEnter) => {
  const cwd = await temporaryFolder();
  await poolWithKey(cwd);
  const terminal = await wizard(cwd, '--offline', '--dir', 'pool', '--target', 'systemd');
  await terminal.waitFor(QUESTIONS.token);
  const before = (await terminal.written()).length;
  await terminal.paste(text, { isMarked });
  if (needsEnter) {
    await terminal.waitFor('5,000 characters. Press Enter');
    await terminal.enter();
  }
  await terminal.waitFor('This is not a worker pool token');
  const written = await terminal.written();
  expect(written).not.toMatch(/TOKEN/);
  expect(written.length - before).toBeLessThan(2_000);
});

withTmux('What was understood of a pasted token is said; its characters are counted, not shown', async () => {
  const cwd = await temporaryFolder();
  const dir = await poolWithKey(cwd);
  const token = await makeToken({ key: path.join(dir, 'spacelift.key') });
  const terminal = await wizard(cwd, '--offline', '--dir', 'pool', '--ca', EXAMPLE_CA, '--target', 'systemd');
  await terminal.waitFor(QUESTIONS.token);
  await terminal.paste(`${token.replace(/.{76}/g, '$&\n')}\n`);
  const count = String(token.length).replace(/(\d)(\d{3})$/, '$1,$2');
  await terminal.waitFor(`${count} characters. Press Enter`);
  await terminal.enter();
  await terminal.waitFor(new RegExp(`✔ The pool's token.* ${count} characters`));
  await terminal.waitFor('made for this key');
  await converse(terminal, [['review', '']]);
  expect(await terminal.ended()).toBe(0);
  expect(await readFile(path.join(dir, 'worker-pool.config'), 'utf8')).toBe(token);
  expect(await terminal.written()).not.toContain(token.slice(20, 40));
});

withTmux.each([true, false])(
  'What is typed behind a good secret and Enter is for the next prompt (marked: %s)',
  async (isMarked) => {
    const cwd = await temporaryFolder();
    const dir = await poolWithKey(cwd);
    const token = await makeToken({ key: path.join(dir, 'spacelift.key') });
    const terminal = await wizard(cwd, '--offline', '--dir', 'pool', '--target', 'systemd', ...SELF_HOSTED);
    await terminal.waitFor(QUESTIONS.token);
    if (isMarked) await terminal.paste(token);
    const rest = `${isMarked ? '' : token}\n${EXAMPLE_CA}\nhttps://`;
    await terminal.paste(rest, { isMarked: false });
    await terminal.waitFor(
      /✔ Certificates of a private CA[^✔]*example-ca\.pem[\s\S]*\? URL of Spacelift that workers poll[^?]* https:\/\//,
    );
    await terminal.press('C-c');
    expect(await terminal.ended()).toBe(130);
  },
);

withTmux('Esc goes back, from every kind of prompt, to the answer given before', async () => {
  const cwd = await temporaryFolder();
  await poolWithKey(cwd);
  const terminal = await wizard(cwd, '--offline', ...SELF_HOSTED);
  await converse(terminal, [
    ['folder', 'pool'],
    ['goal', ['Escape']],
  ]);
  await terminal.waitFor(/goal[\s\S]*\? Where should[^\n]*\(pool\)|\? Where should[^\n]*\(pool\)/);
  await converse(terminal, [
    ['folder', ''],
    ['goal', ['Down', 'Enter']],
    ['token', ['Escape']],
  ]);
  // The choice made before is offered again.
  await terminal.waitFor(/❯ Hosts I have/);
  await terminal.press('Enter');
  await converse(terminal, [['token', '']]);
  await terminal.waitFor(QUESTIONS.ca);
  await terminal.enter(EXAMPLE_CA);
  await terminal.waitFor(QUESTIONS.comms);
  await terminal.press('Escape');
  await terminal.waitFor(/\? Certificates[^\n]*\n?\(?[^\n]*example-ca\.pem\)/);
  await terminal.press('C-c');
  expect(await terminal.ended()).toBe(130);
});

withTmux('Answers that are typed ahead or pasted together each reach their prompt', async () => {
  for (const [isMarked, given] of [
    [true, `pool\n\n${EXAMPLE_CA}\nhttps://`],
    [false, `pool\n\n${EXAMPLE_CA}\nhttps://`],
  ] as const) {
    const cwd = await temporaryFolder();
    const terminal = await wizard(cwd, '--offline', '--bits', '2048', '--target', 'ansible', ...SELF_HOSTED);
    await terminal.waitFor(QUESTIONS.folder);
    await terminal.paste(given.replace('\n\n', '\n'), { isMarked });
    const screen = await terminal.waitFor(/\? URL of Spacelift that workers poll[^?]* https:\/\//);
    expect(screen).toMatch(/✔ Where should[^\n]* pool\n/);
    expect(screen).toMatch(/✔ Certificates of a private CA[^✔]*example-ca\.pem/);
    await terminal.press('C-c');
    expect(await terminal.ended()).toBe(130);
  }
});

withTmux('What was typed before the program asks is not lost', async () => {
  const cwd = await temporaryFolder();
  const terminal = await shell(cwd, ...BASH);
  await terminal.waitFor('$');
  await terminal.type(`sleep 1; ${INIT}`);
  await terminal.press('Enter');
  await terminal.type('early-bird');
  await terminal.press('Enter');
  await terminal.waitFor(/✔ Where should[^\n]* early-bird/);
  await terminal.press('C-c');
});

withTmux('Enter typed ahead never agrees to a plan that has not been shown', async () => {
  const cwd = await temporaryFolder();
  const terminal = await wizard(cwd, '--offline', '--bits', '2048', '--dir', 'pool', '--target', 'systemd');
  await terminal.waitFor(QUESTIONS.ca);
  await terminal.press('Enter', 'Enter', 'Enter', 'Enter', 'Enter');
  await terminal.waitFor(QUESTIONS.review);
  await terminal.written();
  expect(await terminal.screen()).toMatch(QUESTIONS.review);
  expect(await readdir(cwd)).not.toContain('pool');
  await terminal.press('C-c');
  expect(await terminal.ended()).toBe(130);
});

withTmux('Ctrl-Z stops the program and whatever started it; fg goes on with what was typed', async () => {
  const cwd = await temporaryFolder();
  const terminal = await shell(cwd, ...BASH);
  await terminal.waitFor('$');
  // As npm does, the outer sh waits for the program.
  await terminal.enter(`sh -c '${INIT}; true'`);
  await terminal.waitFor(QUESTIONS.folder);
  await terminal.type('my-po');
  await terminal.press('C-z');
  await terminal.waitFor('Stopped');
  await terminal.enter('echo shell $((6 * 7))');
  await terminal.waitFor('shell 42');
  // In the background it may not change the terminal's modes, which stops it again.
  await terminal.enter('bg; while [ -n "$(jobs -r)" ]; do sleep 0.1; done; clear; fg');
  await terminal.waitFor(/\? Where should[^\n]* my-po/);
  await terminal.enter('ol');
  await terminal.waitFor(/✔ Where should[^\n]* my-pool[\s\S]*\? What do you want/);
  await terminal.press('C-c');
  await terminal.waitFor('Cancelled. Nothing but the answers in spacectl.yaml was changed');
  await terminal.enter('clear; stty -a');
  // The shell has its terminal back as it was.
  expect(await terminal.waitFor('icanon')).toMatch(/ icanon .* echo /s);
});

withTmux('A program that was stopped from outside at a secret prompt goes on, and still shows nothing', async () => {
  const cwd = await temporaryFolder();
  await poolWithKey(cwd);
  const terminal = await shell(cwd, ...BASH);
  await terminal.waitFor('$');
  await terminal.enter(`sh -c 'echo $$ > pid; exec ${INIT} --dir pool --target systemd'`);
  await terminal.waitFor(QUESTIONS.token);
  process.kill(Number(await readFile(path.join(cwd, 'pid'), 'utf8')), 'SIGSTOP');
  await terminal.waitFor('Stopped');
  await terminal.press('C-j');
  await terminal.type('stty sane; clear; fg');
  await terminal.press('C-j');
  await terminal.waitFor(/'\n\? The pool's token/);
  await terminal.paste(LONG);
  await terminal.waitFor('5,000 characters. Press Enter');
  expect(await terminal.written()).not.toMatch(/TOKEN/);
  await terminal.press('C-c');
});

withTmux('Without its terminal the program ends', async () => {
  const cwd = await temporaryFolder();
  const terminal = await shell(cwd, 'sh', '-c', `trap '' HUP; ${INIT}; echo $? > ended`);
  await terminal.waitFor(QUESTIONS.folder);
  await terminal.close();
  await expect.poll(() => readFile(path.join(cwd, 'ended'), 'utf8').catch(() => ''), { timeout: 10_000 }).toBe('129\n');
});
