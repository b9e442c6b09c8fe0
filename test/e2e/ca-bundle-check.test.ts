import { appendFile, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import path from 'node:path';
import { expect } from 'vitest';
import { type CertificateRequest, makeCertificate } from '../services/certificate.ts';
import { type HttpServer, startHttpServer } from '../services/http-server.ts';
import { buildImage, file, pushIndex } from '../services/image.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { startRegistry } from '../services/registry.ts';
import { temporaryFolder } from '../services/temporary.ts';

const make = (CN: string, more: Partial<CertificateRequest> = {}) => makeCertificate({ subject: { CN }, ...more });
const custom = make('Custom').pem;
const one = make('One').pem;
const two = make('Two').pem;

/** A registry behind something that writes down what is asked of it. */
async function startRecordedRegistry(): Promise<{
  recorder: HttpServer;
  push: (bundle: string, note: string) => Promise<string>;
}> {
  const registry = await startRegistry();
  const recorder = await startHttpServer((request, response) => {
    const { method, url, headers } = request;
    const upstream = http.request(`${registry.url}${url}`, { method, headers }, (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    request.pipe(upstream);
  });
  const push = (bundle: string, note: string) => {
    const layers = [[file('etc/motd', note)], [file('etc/ssl/certs/ca-certificates.crt', bundle)]];
    const image = buildImage({ platform: { os: 'linux', architecture: 'amd64' }, layers });
    return pushIndex(registry.url, 'runner', 'latest', [image]);
  };
  return { recorder, push };
}

/** What `ca-bundle check` says about the bundle in a folder. */
async function check(folder: string, ...flags: readonly string[]) {
  const run = await spacectl(['ca-bundle', 'check', '--dir', folder, '--json', ...flags]);
  const { findings, notes, facts, changes } = JSON.parse(String(run.stdout));
  const kinds = facts.caBundleCheck.reasons.map(({ kind }: { kind: string }) => kind);
  return {
    exitCode: run.exitCode,
    kinds,
    findings,
    notes,
    statuses: changes.map(({ status }: { status: string }) => status),
  };
}

async function build(folder: string, pem: string, ...flags: readonly string[]) {
  const given = path.join(folder, 'given.pem');
  await writeFile(given, pem);
  const run = await spacectl(['ca-bundle', 'build', '--dir', folder, '--ca', given, ...flags]);
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
}

testWith('docker-registry')(
  'a bundle is stale only when the one in the image changed, --update rebuilds it, and a fresh one costs one request',
  async () => {
    const folder = await temporaryFolder();
    const { recorder, push } = await startRecordedRegistry();
    await push(one + custom, 'first');
    await build(folder, custom + make('Another').pem, '--image', `${recorder.host}/runner`);
    const bundle = path.join(folder, 'custom-ca-bundle.crt');

    const before = recorder.requests.length;
    expect(await check(folder)).toMatchObject({ exitCode: 0, kinds: [], findings: [] });
    expect(recorder.requests.slice(before).map(({ method, path: asked }) => `${method} ${asked}`)).toEqual([
      'HEAD /v2/runner/manifests/latest',
    ]);

    // Another layer moved the image; its bundle is the same.
    await push(one + custom, 'second');
    const moved = await check(folder);
    expect(moved).toMatchObject({
      exitCode: 0,
      kinds: [],
      notes: [expect.stringContaining('has changed'), expect.anything()],
    });
    expect((await check(folder, '--update')).statuses).toEqual(['unchanged', 'change']);
    const steady = recorder.requests.length;
    await check(folder);
    expect(recorder.requests.length - steady).toBe(1);

    // The new base lacks a custom certificate that the old one had: it is not lost.
    await push(one + two, 'third');
    expect(await check(folder)).toMatchObject({ exitCode: 10, kinds: ['base-changed'] });
    expect(await check(folder, '--update', '--dry-run')).toMatchObject({ exitCode: 0, statuses: ['change', 'change'] });
    expect((await readFile(bundle, 'utf8')).startsWith(one + custom)).toBe(true);
    expect(await check(folder, '--update')).toMatchObject({ exitCode: 0, statuses: ['change', 'change'] });
    const updated = await readFile(bundle, 'utf8');
    expect(updated.startsWith(one + two)).toBe(true);
    expect(updated).toContain(custom);
    expect(updated).toContain('# CN=Another');
    expect(await check(folder)).toMatchObject({ exitCode: 0, kinds: [] });

    const { host } = recorder;
    const lockFile = path.join(folder, 'custom-ca-bundle.lock.json');
    await writeFile(lockFile, (await readFile(lockFile, 'utf8')).replace(`${host}/runner`, `${host}/gone`));
    expect(await check(folder)).toMatchObject({ exitCode: 10, kinds: ['source-gone'] });
    expect(await check(folder, '--update')).toMatchObject({ exitCode: 10, statuses: [] });
  },
);

testWith()('check finds a bundle that was altered or removed, and certificates that expire soon', async () => {
  const folder = await temporaryFolder();
  const soon = make('Soon', { notAfter: new Date(Date.now() + 45 * 86_400_000) });
  await build(folder, custom + soon.pem, '--offline');
  const bundle = path.join(folder, 'custom-ca-bundle.crt');
  expect(await check(folder)).toMatchObject({ exitCode: 0, kinds: [] });
  expect(await check(folder, '--within', '46d')).toMatchObject({
    exitCode: 10,
    kinds: ['addition-expires'],
    findings: [expect.stringContaining('CN=Soon')],
  });
  expect(await check(folder, '--within', '4w')).toMatchObject({ exitCode: 0 });

  const built = await readFile(bundle);
  await appendFile(bundle, '# a note\n');
  expect(await check(folder)).toMatchObject({ exitCode: 10, kinds: ['bundle-altered'] });
  const refused = await spacectl(['ca-bundle', 'check', '--dir', folder, '--update']);
  expect(refused.exitCode).toBe(73);
  expect(await check(folder, '--update', '--force')).toMatchObject({ exitCode: 0, statuses: ['change', 'unchanged'] });
  expect((await readFile(bundle)).equals(built)).toBe(true);

  await rm(bundle);
  expect(await check(folder)).toMatchObject({ exitCode: 10, kinds: ['bundle-missing'] });
  expect(await check(folder, '--update')).toMatchObject({ exitCode: 0, statuses: ['create', 'unchanged'] });
  expect((await readFile(bundle)).equals(built)).toBe(true);

  await rm(bundle);
  await rm(path.join(folder, 'given.pem'));
  const lost = await spacectl(['ca-bundle', 'check', '--dir', folder, '--update']);
  expect(lost.exitCode).toBe(65);
  expect(lost.stderr).toContain('CN=Custom is neither in');
});

testWith()('a bundle that was built from relative paths is checked from any folder', async () => {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, 'base.pem'), one);
  await writeFile(path.join(folder, 'given.pem'), custom);
  const args = ['--dir', 'pool', '--ca', 'given.pem', '--image', 'base.pem'];
  expect((await spacectl(['ca-bundle', 'build', ...args], { cwd: folder })).exitCode).toBe(0);
  const pool = path.join(folder, 'pool');
  expect(await readFile(path.join(pool, 'custom-ca-bundle.lock.json'), 'utf8')).not.toContain(folder);
  await rm(path.join(pool, 'custom-ca-bundle.crt'));
  expect(await check(pool)).toMatchObject({ exitCode: 10, kinds: ['bundle-missing'] });
  expect(await check(pool, '--update')).toMatchObject({ exitCode: 0, statuses: ['create', 'unchanged'] });
});

testWith()('a lock file that is missing, incomplete or something else is an error that says so', async () => {
  const folder = await temporaryFolder();
  expect((await spacectl(['ca-bundle', 'check', '--dir', folder])).exitCode).toBe(74);
  const incomplete = JSON.stringify({ version: 1, mountPath: '/etc/ssl/cert.pem', result: { sha256: '0'.repeat(64) } });
  for (const broken of ['{}', 'null', '{"version": 1, ', incomplete]) {
    await writeFile(path.join(folder, 'custom-ca-bundle.lock.json'), broken);
    const run = await spacectl(['ca-bundle', 'check', '--dir', folder]);
    expect(run).toMatchObject({ exitCode: 65, stderr: expect.stringContaining('ca-bundle build --ca FILE --force') });
  }
  expect((await spacectl(['ca-bundle', 'check', '--within', 'soon'])).exitCode).toBe(2);
});

testWith('docker-registry')('diff shows what differs between two files, and between a file and an image', async () => {
  const folder = await temporaryFolder();
  const { recorder, push } = await startRecordedRegistry();
  await push(one + two, 'first');
  const [a, b] = [path.join(folder, 'a.pem'), path.join(folder, 'b.pem')];
  await writeFile(a, custom + one);
  await writeFile(b, one.replaceAll('\n', '\r\n') + custom);
  const diff = async (...args: readonly string[]) => {
    const run = await spacectl(['ca-bundle', 'diff', ...args, '--json', '--exit-code']);
    return { exitCode: run.exitCode, ...JSON.parse(String(run.stdout)) };
  };
  expect(await diff(a, b)).toMatchObject({ exitCode: 0, same: 2, differences: [] });
  expect(await diff(a, `${recorder.host}/runner`)).toMatchObject({
    exitCode: 10,
    same: 1,
    differences: [
      { change: 'removed', subject: 'CN=Custom' },
      { change: 'added', subject: 'CN=Two' },
    ],
  });
  const table = await spacectl(['ca-bundle', 'diff', a, b]);
  expect(table).toMatchObject({ exitCode: 0, stdout: '0 differences, 2 certificates in both' });
});
