import { copyFile, mkdir, readdir } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { PROGRAM } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal } from '../services/terminal.ts';

const withTmux = testWith('tmux');

/** A proxy that nothing answers at: what the commands fetch is no matter here. */
const NOWHERE = { HTTPS_PROXY: 'http://127.0.0.1:9' };

/** A question of the prompts, waiting for its answer or answered. */
const QUESTION = /^[?✔] .*[?:)]/m;

/** Runs a command in a terminal where everyone is there to be asked. */
async function run(cwd: string, ...args: readonly string[]) {
  const terminal = await openTerminal([process.execPath, PROGRAM, ...args], { cwd, env: NOWHERE });
  return { exitCode: await terminal.ended(), screen: await terminal.screen() };
}

withTmux.each([
  ['keypair generate', ['keypair', 'generate', '--bits', '2048'], 0],
  ['render docker', ['render', 'docker'], 0],
  ['host status', ['host', 'status', '--root', 'tree'], 10],
  ['ca-bundle build', ['ca-bundle', 'build', '--ca', 'corp.pem', '--output', 'out.crt'], 69],
  ['launcher url', ['launcher', 'url'], 0],
  ['ami latest', ['ami', 'latest', '--images-file', '/dev/null'], 65],
] as const)('%s asks nothing in a terminal: all it needs is given or has a default', async (_name, args, exitCode) => {
  const cwd = await temporaryFolder();
  await mkdir(path.join(cwd, 'tree/etc'), { recursive: true });
  await copyFile('/etc/passwd', path.join(cwd, 'tree/etc/passwd'));
  await copyFile('docs/example-ca.pem', path.join(cwd, 'corp.pem'));
  const ended = await run(cwd, ...args);
  expect(ended.screen).not.toMatch(QUESTION);
  expect(ended.exitCode).toBe(exitCode);
});

withTmux('keypair generate writes to the current directory, and says where', async () => {
  const cwd = await temporaryFolder();
  const { exitCode, screen } = await run(cwd, 'keypair', 'generate', '--bits', '2048');
  expect(exitCode).toBe(0);
  expect(screen.replaceAll('\n', '')).toMatch(/spacelift\.key.*spacelift\.csr/);
  expect((await readdir(cwd)).filter((name) => !name.startsWith('.tmux')).sort()).toEqual([
    'spacelift.csr',
    'spacelift.key',
  ]);
});

withTmux('what has no default is asked: a required value is', async () => {
  const cwd = await temporaryFolder();
  const terminal = await openTerminal([process.execPath, PROGRAM, 'ca-bundle', 'build', '--offline'], { cwd });
  await terminal.waitFor('Certificates of a private CA');
  expect((await terminal.screen()).match(new RegExp(QUESTION, 'gm'))).toHaveLength(1);
  await terminal.press('C-c');
  expect(await terminal.ended()).toBe(130);
});

withTmux('init asks for a directory by name, and takes it as an argument as well', async () => {
  const cwd = await temporaryFolder();
  const asking = await openTerminal([process.execPath, PROGRAM, 'init', '--offline'], { cwd });
  await asking.waitFor(/files of this worker pool go\? \(?worker-pool/);
  await asking.press('C-c');
  expect(await asking.ended()).toBe(130);
  const named = await openTerminal([process.execPath, PROGRAM, 'init', 'my-pool', '--offline'], { cwd });
  await named.waitFor('What do you want to have at the end?');
  expect(await named.screen()).not.toContain('files of this worker pool go?');
  await named.press('C-c');
  expect(await named.ended()).toBe(130);
});
