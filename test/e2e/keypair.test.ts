import { generateKeyPairSync } from 'node:crypto';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { putKeyPair } from '../services/key-pair.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

testWith('openssl')('generate makes a pair that openssl accepts, and a second run keeps it', async () => {
  const dir = await temporaryFolder();
  const made = ['keypair', 'generate', '--dir', dir, '--bits', '2048', '--subject', 'O=Müller & Söhne'];
  expect(await spacectl(made)).toMatchObject({ exitCode: 0 });
  const [key, csr] = [path.join(dir, 'spacelift.key'), path.join(dir, 'spacelift.csr')];
  expect((await stat(key)).mode & 0o777).toBe(0o600);
  expect(await readFile(key, 'utf8')).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
  const request = await execa('openssl', ['req', '-in', csr, '-verify', '-noout', '-subject', '-modulus'], {
    all: true,
  });
  expect(request.all).toContain('verify OK');
  expect(request.stdout).toContain('subject=CN = workers.spacelift.io, O = ');
  const { stdout: modulus } = await execa('openssl', ['rsa', '-in', key, '-noout', '-modulus']);
  expect(request.stdout).toContain(modulus);
  const before = await readFile(key, 'utf8');
  expect(JSON.parse(String((await spacectl([...made, '--json'])).stdout)).warnings).toEqual([]);
  const again = await spacectl([
    'keypair',
    'generate',
    '--dir',
    dir,
    '--subject',
    'OU=Müller & Söhne',
    '--bits',
    '4096',
    '--json',
  ]);
  const report = JSON.parse(String(again.stdout));
  expect(report.changes).toMatchObject([{ status: 'unchanged' }, { status: 'unchanged' }]);
  expect(report.warnings).toEqual([
    `Keeping the existing ${key}, which has 2048 bits, not 4096`,
    `Keeping the existing ${csr}, which has a different subject`,
  ]);
  expect(await readFile(key, 'utf8')).toBe(before);
});

test.each([512, 1024])('A kept key of %i bits is warned of', async (modulusLength) => {
  const dir = await temporaryFolder();
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength });
  await writeFile(path.join(dir, 'spacelift.key'), privateKey.export({ type: 'pkcs8', format: 'pem' }));
  const { exitCode, stdout } = await spacectl(['keypair', 'generate', '--dir', dir, '--json']);
  expect(exitCode).toBe(0);
  expect(JSON.parse(String(stdout)).warnings).toEqual([
    expect.stringContaining(`spacelift.key has only ${modulusLength} bits: too few to be safe`),
  ]);
});

testWith('openssl')('A pair whose request is signed with SHA-3 or PSS belongs together', async () => {
  const dir = await temporaryFolder();
  const [key, csr] = [path.join(dir, 'spacelift.key'), path.join(dir, 'spacelift.csr')];
  const make = ['req', '-new', '-newkey', 'rsa:2048', '-nodes', '-keyout', key, '-out', csr, '-subj', '/CN=pool'];
  for (const options of [['-sha3-256'], ['-sigopt', 'rsa_padding_mode:pss']]) {
    await execa('openssl', [...make, ...options]);
    expect(await spacectl(['keypair', 'generate', '--dir', dir])).toMatchObject({ exitCode: 0 });
    expect(await spacectl(['keypair', 'verify', '--dir', dir])).toMatchObject({ exitCode: 0 });
  }
});

test('the default key has 4096 bits', async () => {
  const dir = await temporaryFolder();
  await spacectl(['keypair', 'generate', '--dir', dir]);
  const { stdout } = await execa('openssl', ['rsa', '-in', path.join(dir, 'spacelift.key'), '-noout', '-text']);
  expect(stdout).toContain('4096 bit');
});

test('a request that does not match the key ends with 73, with --force too, and both files stay', async () => {
  const [one, other] = [await temporaryFolder(), await temporaryFolder()];
  await putKeyPair(one);
  await putKeyPair(other, 'strange');
  const strange = await readFile(path.join(other, 'spacelift.csr'));
  await writeFile(path.join(one, 'spacelift.csr'), strange);
  const key = await readFile(path.join(one, 'spacelift.key'));
  const generate = ['keypair', 'generate', '--dir', one];
  for (const args of [generate, [...generate, '--json'], ['init', one, '--no-input', '--force']]) {
    const { exitCode, stderr, stdout } = await spacectl(args);
    expect(exitCode).toBe(73);
    expect(`${stderr}${stdout}`).toContain('was not made with the key');
  }
  expect(await readFile(path.join(one, 'spacelift.key'))).toEqual(key);
  expect(await readFile(path.join(one, 'spacelift.csr'))).toEqual(strange);
});

test('generate writes the request that an interrupted run did not write', async () => {
  const dir = await temporaryFolder();
  await spacectl(['keypair', 'generate', '--dir', dir, '--bits', '2048']);
  const { rm } = await import('node:fs/promises');
  await rm(path.join(dir, 'spacelift.csr'));
  const alone = await spacectl(['keypair', 'verify', '--dir', dir]);
  expect(alone.exitCode).toBe(74);
  expect(alone.stderr).toContain('Nothing to compare');
  const { stdout } = await spacectl(['keypair', 'generate', '--dir', dir, '--json']);
  expect(JSON.parse(String(stdout)).changes).toMatchObject([{ status: 'unchanged' }, { status: 'create' }]);
});

test('a dry run of generate makes nothing', async () => {
  const dir = await temporaryFolder();
  const { stdout } = await spacectl(['keypair', 'generate', '--dir', dir, '--dry-run', '--json']);
  expect(JSON.parse(String(stdout))).toMatchObject({
    dryRun: true,
    changes: [{ status: 'create' }, { status: 'create' }],
  });
  expect(await readdir(dir)).toEqual([]);
});

test('encode gives the exact bytes of standard input on one line without a newline, and decode takes them back', async () => {
  const bytes = Buffer.from([0, 255, 10, 13, 10, 65]);
  const encoded = await spacectl(['keypair', 'encode'], { input: bytes, stdin: 'pipe', stripFinalNewline: false });
  expect(encoded.stdout).toBe(bytes.toString('base64'));
  const input = String(encoded.stdout);
  const decoded = await spacectl(['keypair', 'encode', '--decode', '-'], { input, stdin: 'pipe', encoding: 'buffer' });
  expect(Buffer.from(decoded.stdout as unknown as Uint8Array)).toEqual(bytes);
});

test('decode refuses what is not base64, without showing it', async () => {
  const { exitCode, stderr } = await spacectl(['keypair', 'encode', '--decode'], { input: 'hush hush', stdin: 'pipe' });
  expect(exitCode).toBe(65);
  expect(stderr).toContain('white space at offset 4');
  expect(stderr).not.toContain('hush');
});
