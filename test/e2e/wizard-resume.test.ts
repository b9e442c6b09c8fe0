import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { parse } from 'yaml';
import { PROGRAM } from '../services/program.ts';
import { sliceOf } from '../services/slice.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal, type Terminal } from '../services/terminal.ts';
import { makeToken } from '../services/token.ts';
import { EXAMPLE_CA, moveTo, poolWithKey, QUESTIONS, withTmux } from '../services/wizard.ts';

/** A question, and how it is answered: keys, or text that is pasted, and Enter. */
type Answer = readonly [question: string, answer: string | readonly string[]];

/** What one path through the wizard asks, and what has to be in the folder at the end. */
interface Walk {
  readonly flags: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly answers: readonly Answer[];
  /** Files that secrets are kept in, and their content. */
  readonly secrets: Readonly<Record<string, string>>;
  readonly saved: object;
}

/** A folder with a key, so that the wizard asks for a token. */
async function withToken(cwd: string): Promise<Walk> {
  const dir = await poolWithKey(cwd);
  const token = await makeToken({ key: path.join(dir, 'spacelift.key') });
  return {
    flags: ['--offline'],
    env: {},
    answers: [
      [QUESTIONS.goal, ['Down', 'Enter']],
      [QUESTIONS.token, token],
      [QUESTIONS.ca, EXAMPLE_CA],
    ],
    secrets: { 'worker-pool.config': token },
    saved: { hosts: { target: ['ansible'] }, bundle: { ca: [EXAMPLE_CA] } },
  };
}

/** No credentials at all, so that the wizard asks for an API key. */
async function withApiKey(cwd: string): Promise<Walk> {
  const { url, key } = await startSpacelift();
  const account = { 'api-endpoint': url, 'api-key-id': key.id, 'api-key-secret-file': 'api-key-secret.secret' };
  return {
    flags: ['--bits', '2048', '--source', 'mozilla'],
    env: { HOME: cwd },
    answers: [
      [QUESTIONS.goal, ['Enter']],
      ['Where does the worker pool come from?', ['Enter']],
      ['Address of your Spacelift account', url],
      ['ID of the API key', key.id],
      ['Secret of the API key', key.secret],
      ['Name of the worker pool', 'demo'],
      [QUESTIONS.ca, EXAMPLE_CA],
    ],
    secrets: { 'api-key-secret.secret': key.secret },
    saved: { hosts: { target: ['systemd'] }, pool: { source: 'create', name: 'demo' }, account },
  };
}

async function answer(terminal: Terminal, given: Answer[1]): Promise<void> {
  if (typeof given !== 'string') return terminal.press(...given);
  await terminal.paste(given);
  await terminal.press('Enter');
}

const WALKS = { 'a token': withToken, 'an API key': withApiKey } as const;
const ENDS = { 'Ctrl-C': 130, SIGKILL: 137 } as const;
/** Every second one meets each walk and each end. */
const TABLE = [
  ['a token', 'Ctrl-C'],
  ['a token', 'SIGKILL'],
  ['an API key', 'SIGKILL'],
  ['an API key', 'Ctrl-C'],
] as const satisfies readonly (readonly [keyof typeof WALKS, keyof typeof ENDS])[];

withTmux.each(sliceOf(TABLE, 2))(
  'With %s: stopped by %s at each prompt, the wizard goes on there, and asks for nothing twice, secrets included',
  async (name, end) => {
    const cwd = await temporaryFolder();
    const walk = await WALKS[name](cwd);
    const dir = path.join(cwd, 'pool');
    const command = `echo $$ > pid; exec ${[process.execPath, PROGRAM, 'init', 'pool', ...walk.flags].join(' ')}`;
    const start = () => openTerminal(['sh', '-c', command], { cwd, env: { ...walk.env } });
    const questions = [...walk.answers.map(([question]) => question), QUESTIONS.review];
    for (const [index, question] of questions.entries()) {
      const terminal = await start();
      const before = index === 0 ? undefined : walk.answers[index - 1];
      if (before) {
        const screen = await terminal.waitFor(before[0]);
        for (const each of questions.slice(0, index - 1)) expect(screen).not.toContain(each);
        await answer(terminal, before[1]);
      }
      await terminal.waitFor(question);
      if (end === 'Ctrl-C') await terminal.press('C-c');
      else process.kill(Number(await readFile(path.join(cwd, 'pid'), 'utf8')), 'SIGKILL');
      expect(await terminal.ended()).toBe(ENDS[end]);
    }
    for (const [file, text] of Object.entries(walk.secrets)) {
      expect(await readFile(path.join(dir, file), 'utf8')).toBe(text);
      expect((await stat(path.join(dir, file))).mode & 0o777).toBe(0o600);
      expect(await readFile(path.join(dir, '.gitignore'), 'utf8')).toMatch(/^\*\.secret$/m);
    }
    const text = await readFile(path.join(dir, 'spacectl.yaml'), 'utf8');
    expect(parse(text)).toMatchObject(walk.saved);
    const answers = ['.gitignore', 'spacectl.yaml', 'spacelift.csr', 'spacelift.key', ...Object.keys(walk.secrets)];
    expect(answers).toEqual(expect.arrayContaining(await readdir(dir)));

    const last = await start();
    const screen = await last.waitFor(QUESTIONS.review);
    for (const [question] of walk.answers) expect(screen).not.toContain(question);
    await last.enter();
    expect(await last.ended()).toBe(0);
    for (const secret of Object.values(walk.secrets)) expect(await last.written()).not.toContain(secret.slice(8, 40));
  },
  240_000,
);

withTmux('A token that would replace another one is not kept before the plan is applied', async () => {
  const cwd = await temporaryFolder();
  const dir = await poolWithKey(cwd);
  const [old, token] = [
    await makeToken({ key: path.join(dir, 'spacelift.key') }),
    await makeToken({ key: path.join(dir, 'spacelift.key'), endpoint: 'worker-iot.us.spacelift.io' }),
  ];
  await writeFile(path.join(dir, 'worker-pool.config'), old);
  const terminal = await openTerminal(
    [process.execPath, PROGRAM, 'init', 'pool', '--offline', '--target', 'systemd', '--ca', EXAMPLE_CA],
    { cwd },
  );
  await moveTo(terminal, /❯ . token-file /);
  await terminal.press('Right');
  await terminal.waitFor(QUESTIONS.token);
  await terminal.paste(token);
  await terminal.press('Enter');
  await terminal.waitFor(QUESTIONS.review);
  expect(await readFile(path.join(dir, 'worker-pool.config'), 'utf8')).toBe(old);
  await terminal.enter();
  expect(await terminal.ended()).toBe(0);
  expect(await readFile(path.join(dir, 'worker-pool.config'), 'utf8')).toBe(token);
});
