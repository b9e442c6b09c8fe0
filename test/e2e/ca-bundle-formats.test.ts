import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { makeCertificate } from '../services/certificate.ts';
import { spacectl } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';

const [first, second] = ['First', 'Second'].map((CN) => makeCertificate({ subject: { CN } }).pem);

/** Builds in a folder with two custom certificates, one of them given twice; the base is Node's roots. */
async function build(format: string, ...flags: readonly string[]) {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'given.pem'), `${first}${second}${first}`);
  const given = ['--ca', path.join(folder, 'given.pem'), '--offline', '--dir', folder];
  const args = ['ca-bundle', 'build', ...given, '--format', format, '--json', ...flags];
  const run = await spacectl(args);
  const again = await spacectl(args);
  expect(
    JSON.parse(String(again.stdout)).changes?.every(({ status }: { status: string }) => status === 'unchanged'),
  ).toBe(true);
  return { folder, exitCode: run.exitCode, document: JSON.parse(String(run.stdout)) };
}

const pemIn = async () => readFile(path.join((await build('pem')).folder, 'custom-ca-bundle.crt'));

test('--format base64 writes the bundle on one line, and warns that it does not fit an environment variable', async () => {
  const { folder, document } = await build('base64');
  const text = await readFile(path.join(folder, 'custom-ca-bundle.crt.b64'), 'latin1');
  expect(text).toMatch(/^[A-Za-z0-9+/]+=*$/);
  expect(Buffer.from(text, 'base64').equals(await pemIn())).toBe(true);
  expect(document.warnings).toContainEqual(expect.stringContaining('environment variable'));
  const checked = await spacectl(['ca-bundle', 'check', '--bundle', path.join(folder, 'custom-ca-bundle.crt.b64')]);
  expect(checked.exitCode).toBe(0);
});

test('--format secret-manifest writes the Secret of the documentation, and says how to apply one of its size', async () => {
  const { folder, document } = await build('secret-manifest', '--namespace', 'spacelift');
  const file = path.join(folder, 'custom-ca-bundle.secret.yaml');
  const manifest = parse(await readFile(file, 'utf8'));
  expect(manifest).toMatchObject({
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'extended-ca-bundle', namespace: 'spacelift' },
    type: 'Opaque',
  });
  expect(Buffer.from(manifest.data.bundle, 'base64').equals(await pemIn())).toBe(true);
  expect(document.warnings).toContainEqual(expect.stringContaining('server-side'));
  expect(document.next[0].command).toBe(`kubectl apply --server-side -f ${file}`);
  const bad = await spacectl([
    'ca-bundle',
    'build',
    '--ca',
    'x',
    '--format',
    'secret-manifest',
    '--secret-name',
    'Bad_Name',
  ]);
  expect(bad).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('is not a valid Kubernetes name') });
});

test('--format additional-root-cas writes the custom certificates alone, each once, in base64 twice', async () => {
  const { folder, document } = await build('additional-root-cas');
  const text = await readFile(path.join(folder, 'additional-root-cas.txt'), 'latin1');
  const { caCertificates } = JSON.parse(Buffer.from(text, 'base64').toString());
  const pems = caCertificates.map((each: string) => Buffer.from(each, 'base64').toString());
  expect(pems).toEqual([first, second]);
  expect(document.next[0].text).toContain('Set ADDITIONAL_ROOT_CAS to the content of');
  expect(document.changes).toHaveLength(1);
});
