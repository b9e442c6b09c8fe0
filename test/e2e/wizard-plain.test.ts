import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { PROGRAM } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal } from '../services/terminal.ts';
import { makeToken } from '../services/token.ts';
import { EXAMPLE_CA, poolWithKey, withTmux } from '../services/wizard.ts';

const LONG = 'tokenTOKEN'.repeat(500);

withTmux.each([
  ['--plain', {}],
  ['', { TERM: 'dumb' }],
  ['', { LC_ALL: 'C' }],
  ['', { SPACECTL_PLAIN: '1' }],
] as const)('With "%s" and %j the wizard writes lines of text, and never moves the cursor', async (flag, env) => {
  const cwd = await temporaryFolder();
  await poolWithKey(cwd);
  const command = `${process.execPath} ${PROGRAM} init pool --offline ${flag}`;
  const terminal = await openTerminal(['sh', '-c', command], { cwd, env: { NO_COLOR: '1', ...env } });
  await terminal.waitFor(/7\. Files only[\s\S]*>\s*$/);
  await terminal.enter('7');
  await terminal.waitFor(/8\. Docker[\s\S]*commas[\s\S]*>\s*$/);
  // Going back once leads to the goal again.
  await terminal.enter('<');
  await terminal.waitFor(/Files only[\s\S]*Docker[\s\S]*Files only[\s\S]*>\s*$/);
  await terminal.enter('7');
  await terminal.enter('1, cloud-init');
  await terminal.waitFor("The pool's token");
  await terminal.paste(`${LONG}\n`);
  await terminal.enter();
  await terminal.waitFor('5,000 characters');
  await terminal.waitFor('This is not a worker pool token');
  await terminal.enter();
  await terminal.waitFor('Certificates of a private CA');
  await terminal.enter('nowhere.pem');
  await terminal.waitFor('no such file');
  await terminal.enter(EXAMPLE_CA);
  const shown = await terminal.waitFor(/< leaves\n>\s*$/);
  const [, number] = /(\d+)\. cloud: plain/.exec(shown) ?? [];
  await terminal.enter(number);
  await terminal.waitFor(/Which cloud[\s\S]*>\s*$/);
  await terminal.enter('ec2');
  await terminal.waitFor(/cloud: ec2 \(you\)[\s\S]*< leaves\n>\s*$/);
  await terminal.enter('apply');
  expect(await terminal.ended()).toBe(0);
  expect(await readdir(path.join(cwd, 'pool'))).toEqual(expect.arrayContaining(['systemd', 'cloud-init.yaml']));
  expect(parse(await readFile(path.join(cwd, 'pool/spacectl.yaml'), 'utf8'))).toMatchObject({
    hosts: { target: ['systemd', 'cloud-init'] },
    bundle: { ca: [EXAMPLE_CA] },
  });
  const written = (await terminal.written()).replaceAll('\u001b[?2004h', '').replaceAll('\u001b[?2004l', '');
  expect(written).not.toMatch(/TOKEN/);
  expect(written).not.toContain('\u001b');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: everything that is not ASCII
  if ('LC_ALL' in env) expect(written).not.toMatch(/[^\u0000-\u007f]/);
});

withTmux('In 60 columns, the plain wizard wraps between words, and speaks of no colours', async () => {
  const cwd = await temporaryFolder();
  const command = [process.execPath, PROGRAM, 'init', 'pool', '--offline', '--plain', '--target', 'terraform-azure'];
  const terminal = await openTerminal(command, { cwd, columns: 60, rows: 50 });
  await terminal.waitFor('Certificates of a private CA');
  await terminal.enter();
  const screen = await terminal.waitFor(/<\s+leaves\n>\s*$/);
  expect(screen).toContain('Enter takes the answer that is named');
  expect(screen).not.toContain('grey');
  const written = (await terminal.written()).replaceAll('\u001b[?2004h', '').replaceAll('\u001b[?2004l', '');
  const lines = written.split(/\r?\n/);
  // The terminal wraps nothing: only a word longer than a line may stand out.
  for (const line of lines) if (line.length > 60) expect(line.trim()).not.toMatch(/ .* .* /);
  await terminal.press('C-c');
  expect(await terminal.ended()).toBe(130);
});

withTmux('With --plain, what is typed right behind a secret and Enter is for the next prompt', async () => {
  const cwd = await temporaryFolder();
  const dir = await poolWithKey(cwd);
  const token = await makeToken({ key: path.join(dir, 'spacelift.key') });
  const command = [process.execPath, PROGRAM, 'init', 'pool', '--offline', '--target', 'ansible', '--plain'];
  const terminal = await openTerminal(command, { cwd });
  await terminal.waitFor(/The pool's token[\s\S]*>\s*$/);
  // A wrong answer is not taken for the beginning of a wrapped token; a wrapped token is read to its end.
  await terminal.paste(`no-such.config\n${token.replace(/.{76}/g, '$&\n')}\n${EXAMPLE_CA}`, { isMarked: false });
  await terminal.waitFor(/14 characters[\s\S]*made for this key[\s\S]*private CA[\s\S]*> \S*example-ca\.pem/);
  await terminal.press('C-c');
  expect(await terminal.ended()).toBe(130);
  expect(await terminal.written()).not.toContain(token.slice(20, 40));
});
