import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { encryptForVault } from '../../../src/render/ansible/vault.ts';
import { testWith } from '../../services/programs.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const PASSWORD = 'correct horse battery staple';
const CONTENT = Buffer.from('spacelift_token: "abc"\nspacelift_pool_private_key: "é"\n');

/** The salt of a vault: the first line of its payload, which is in hexadecimal twice. */
function saltOf(vault: string): string {
  return Buffer.from(vault.split('\n').slice(1).join(''), 'hex').toString('latin1').split('\n')[0] ?? '';
}

/** Runs `ansible-vault` on a file with this text. @returns its text afterwards, and what was printed */
async function ansibleVault(command: string, text: string | Buffer, password = PASSWORD) {
  const folder = await temporaryFolder();
  const [file, secret] = [path.join(folder, 'vault.yml'), path.join(folder, 'password')];
  await writeFile(file, text);
  await writeFile(secret, password);
  const run = await execa('ansible-vault', [command, '--vault-password-file', secret, file], {
    reject: false,
    stripFinalNewline: false,
    env: { ANSIBLE_LOCAL_TEMP: folder, ANSIBLE_NOCOLOR: '1', LC_ALL: 'C.UTF-8' },
  });
  return { exitCode: run.exitCode, stdout: run.stdout, text: await readFile(file, 'utf8') };
}

test('every vault has a salt of its own, 32 bytes that nothing else tells', async () => {
  const vaults = await Promise.all(Array.from({ length: 20 }, () => encryptForVault(CONTENT, PASSWORD)));
  expect(new Set(vaults.map(saltOf)).size).toBe(20);
  for (const vault of vaults) expect(saltOf(vault)).toMatch(/^[0-9a-f]{64}$/);
});

test('a vault with the same content and password stays as it is, byte for byte', async () => {
  const vault = await encryptForVault(CONTENT, PASSWORD);
  expect(await encryptForVault(CONTENT, PASSWORD, Buffer.from(vault))).toBe(vault);
});

test.each([
  ['another content', (vault: string) => encryptForVault(Buffer.from('other'), PASSWORD, Buffer.from(vault))],
  ['another password', (vault: string) => encryptForVault(CONTENT, 'Tr0ub4dor&3', Buffer.from(vault))],
  ['a damaged vault', (vault: string) => encryptForVault(CONTENT, PASSWORD, Buffer.from(vault.slice(0, -9)))],
  ['a vault without a payload', (vault: string) => encryptForVault(CONTENT, PASSWORD, Buffer.from(vault.slice(0, 26)))],
  ['another file', () => encryptForVault(CONTENT, PASSWORD, Buffer.from('spacelift_token: !vault |\n'))],
])('%s gets a new salt', async (_title, encrypt) => {
  const vault = await encryptForVault(CONTENT, PASSWORD);
  const next = await encrypt(vault);
  expect(saltOf(next)).toMatch(/^[0-9a-f]{64}$/);
  expect(saltOf(next)).not.toBe(saltOf(vault));
});

testWith('ansible-vault')('ansible-vault reads what is written, and its own vaults are kept too', async () => {
  const vault = await encryptForVault(CONTENT, PASSWORD);
  expect(await ansibleVault('view', vault)).toMatchObject({ exitCode: 0, stdout: CONTENT.toString() });
  expect((await ansibleVault('view', vault, 'something else')).exitCode).not.toBe(0);
  const theirs = await ansibleVault('encrypt', CONTENT);
  expect(theirs.exitCode).toBe(0);
  expect(await encryptForVault(CONTENT, PASSWORD, Buffer.from(theirs.text))).toBe(theirs.text);
});
