import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { PROGRAM } from '../services/program.ts';
import { snapshot } from '../services/snapshot.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal, type Terminal } from '../services/terminal.ts';
import { converse, EXAMPLE_CA, editLine, filesOnly, moveTo, QUESTIONS, withTmux, wizard } from '../services/wizard.ts';

const INIT = [process.execPath, PROGRAM, 'init', 'pool', '--offline', '--bits', '2048'] as const;

/** Starts the wizard in a terminal of some size, and goes on to the review. */
async function review(cwd: string, size: { readonly columns: number; readonly rows: number }): Promise<Terminal> {
  const terminal = await openTerminal([...INIT, '--target', 'terraform-aws'], { cwd, ...size });
  await terminal.waitFor('Certificates of a private CA');
  await terminal.enter();
  await terminal.waitFor('leaves');
  return terminal;
}

withTmux.each([
  [60, 20],
  [80, 24],
  [120, 40],
])('In %d columns and %d rows the review fits, and moving its marker costs a few bytes', async (columns, rows) => {
  const cwd = await temporaryFolder();
  const terminal = await review(cwd, { columns, rows });
  await terminal.waitFor(/❯ ! region /);
  const before = (await terminal.written()).length;
  await terminal.press('Down');
  await terminal.waitFor(/❯ ! subnet /);
  expect((await terminal.written()).length - before).toBeLessThan(60);
  const lines = (await terminal.visible()).trimEnd().split('\n');
  expect(lines.length).toBeLessThanOrEqual(rows);
  // The foot is whole: nothing was cut, or wrapped by the terminal.
  expect(lines.slice(-3).join(' ').replace(/\s+/g, ' ')).toContain(
    'Enter applies the plan · → edits a line or shows a file · t adds a target · Esc leaves',
  );
  await terminal.press('q');
  expect(await terminal.ended()).toBe(0);
  // What was on the screen before is there again, and nothing of the review.
  expect(await terminal.screen()).toMatch(/✔ Certificates of a private CA/);
  expect(await terminal.screen()).not.toContain('instance-type');
});

withTmux('Resized, stopped and continued, the review looks as if freshly drawn', async () => {
  const cwd = await temporaryFolder();
  const terminal = await openTerminal(['bash', '--norc', '--noprofile', '-i'], {
    cwd,
    columns: 80,
    rows: 30,
    env: { PS1: '$ ' },
  });
  await terminal.waitFor('$');
  await terminal.enter(`${INIT.join(' ')} --target systemd --ca ${EXAMPLE_CA}`);
  await terminal.waitFor('leaves');
  const before = await terminal.visible();
  for (const [columns, rows] of [
    [60, 20],
    [120, 40],
    [80, 30],
  ] as const) {
    await terminal.resize(columns, rows);
    await terminal.written();
  }
  expect(await terminal.visible()).toBe(before);
  await terminal.press('C-z');
  expect(await terminal.waitFor('Stopped')).not.toContain('Plan');
  await terminal.enter('fg');
  await terminal.waitFor('leaves');
  await terminal.written();
  expect(await terminal.visible()).toBe(before);
  await terminal.press('C-c');
  await terminal.waitFor('Cancelled');
});

withTmux('A file of the plan can be read, a target added, and the next run has nothing to change', async () => {
  const cwd = await temporaryFolder();
  const terminal = await wizard(cwd, 'pool', '--offline', '--bits', '2048');
  await converse(terminal, [
    ['goal', ''],
    ['ca', EXAMPLE_CA],
  ]);
  await moveTo(terminal, /❯ +create +pool\/systemd\/spacelift-launcher\.service/);
  await terminal.press('Right');
  await terminal.waitFor(/\[Service\][\s\S]*Esc goes back/);
  await terminal.press('Escape');
  await terminal.waitFor(QUESTIONS.review);
  await terminal.press('t');
  await terminal.waitFor('What do you want to have at the end?');
  await terminal.press('Down', 'Space', 'Enter');
  await terminal.waitFor(/target +systemd, cloud-init +you/);
  await editLine(terminal, 'cloud', ['Down', 'Enter']);
  await converse(terminal, [['review', '']]);
  expect(await terminal.ended()).toBe(0);
  const dir = path.join(cwd, 'pool');
  expect(await readdir(dir)).toEqual(expect.arrayContaining(['systemd', 'cloud-init.yaml']));
  const made = await snapshot(dir);

  const again = await wizard(cwd, 'pool');
  await converse(again, [['token', '']]);
  await again.waitFor('Enter finishes');
  await again.enter();
  expect(await again.ended()).toBe(0);
  expect(await snapshot(dir)).toEqual(made);
});

withTmux('Killed at any prompt, the wizard goes on there: no answer is asked for twice', async () => {
  const cwd = await temporaryFolder();
  const answers = [
    ['What do you want to have at the end?', filesOnly('Down', 'Space', 'Down', 'Space')],
    ['Certificates of a private CA', [EXAMPLE_CA, 'Enter']],
    ['leaves', []],
  ] as const;
  for (const [index, [question, keys]] of answers.entries()) {
    const terminal = await openTerminal(['sh', '-c', `echo $$ > pid; exec ${INIT.join(' ')}`], { cwd });
    const screen = await terminal.waitFor(question);
    for (const [earlier] of answers.slice(0, index)) expect(screen).not.toContain(`? ${earlier}`);
    if (keys.length > 0) {
      await terminal.press(...keys);
      await terminal.waitFor(answers[index + 1]?.[0] ?? '');
    }
    process.kill(Number(await readFile(path.join(cwd, 'pid'), 'utf8')), 'SIGKILL');
    expect(await terminal.ended()).toBe(137);
  }
  expect(parse(await readFile(path.join(cwd, 'pool/spacectl.yaml'), 'utf8'))).toEqual({
    hosts: { target: ['systemd', 'cloud-init', 'terraform-aws'] },
    bundle: { ca: [EXAMPLE_CA] },
  });
});
