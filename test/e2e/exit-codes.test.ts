import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ERROR_CODES, type ErrorCode } from '../../src/core/errors.ts';
import { startHttpServer } from '../services/http-server.ts';
import { generate } from '../services/pool-folder.ts';
import { spacectl } from '../services/program.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { temporaryFolder } from '../services/temporary.ts';

interface Failure {
  readonly args: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
}

const CA = 'docs/example-ca.pem';
const build = (image: string, ...more: readonly string[]) => [
  'ca-bundle',
  'build',
  '--ca',
  CA,
  '--image',
  image,
  ...more,
];

/** A command that fails with each code: in a folder of its own, the same each time. */
const FAILURES: Partial<Readonly<Record<ErrorCode, (folder: string) => Promise<Failure> | Failure>>> = {
  SPACECTL_MISSING_INPUT: (folder) => ({ args: ['ca-bundle', 'build', '--dir', folder] }),
  SPACECTL_BAD_INPUT: (folder) => ({ args: ['keypair', 'generate', '--dir', folder, '--bits', 'many'] }),
  async SPACECTL_NO_IMAGE(folder) {
    return { args: build(path.join(folder, 'missing.tar'), '--source', 'archive') };
  },
  async SPACECTL_CHECK_FAILED(folder) {
    const file = path.join(folder, 'images.json');
    await writeFile(file, '{"Images":[]}');
    return { args: ['ami', 'latest', '--images-file', file] };
  },
  async SPACECTL_BAD_DATA(folder) {
    await writeFile(path.join(folder, 'spacelift.key'), 'not a key');
    await writeFile(path.join(folder, 'spacelift.csr'), 'not a request');
    return { args: ['keypair', 'verify', '--dir', folder] };
  },
  async SPACECTL_BAD_CERTIFICATE(folder) {
    const file = path.join(folder, 'ca.pem');
    await writeFile(file, 'not a certificate');
    return { args: ['ca-bundle', 'build', '--ca', file, '--offline', '--dir', folder] };
  },
  async SPACECTL_BAD_TOKEN(folder) {
    await writeFile(path.join(folder, 'token'), 'bm8=');
    return { args: ['token', 'inspect', path.join(folder, 'token')] };
  },
  async SPACECTL_BAD_IMAGE(folder) {
    const file = path.join(folder, 'image.tar');
    await writeFile(file, Buffer.alloc(2048, 'x'));
    return { args: build(file, '--source', 'archive', '--dir', folder) };
  },
  async SPACECTL_UNREACHABLE(folder) {
    return { args: build('127.0.0.1:1/a', '--source', 'registry', '--dir', folder) };
  },
  SPACECTL_PROGRAM_MISSING: (folder) => ({
    args: build('a.example/b', '--source', 'docker', '--dir', folder),
    env: { PATH: folder },
  }),
  async SPACECTL_PROGRAM_FAILED(folder) {
    const docker = path.join(folder, 'docker');
    await writeFile(docker, '#!/bin/sh\necho broken >&2\nexit 1\n');
    await chmod(docker, 0o755);
    return { args: build('a.example/b', '--source', 'docker', '--dir', folder), env: { PATH: folder } };
  },
  async SPACECTL_REQUEST_REFUSED() {
    const server = await startSpacelift();
    for (let count = 0; count < 4; count++) server.trouble({ errors: [{ message: 'no' }] }, 'workerPools');
    return { args: ['workerpool', 'list'], env: server.environment };
  },
  async SPACECTL_WOULD_OVERWRITE(folder) {
    await writeFile(path.join(folder, 'spacelift.csr'), 'someone else wrote this');
    await writeFile(path.join(folder, 'custom-ca-bundle.crt'), 'and this');
    return { args: ['ca-bundle', 'build', '--ca', CA, '--offline', '--dir', folder] };
  },
  SPACECTL_CANNOT_READ: (folder) => ({ args: ['ca-bundle', 'inspect', path.join(folder, 'missing')] }),
  async SPACECTL_CANNOT_WRITE(folder) {
    await writeFile(path.join(folder, 'file'), '');
    return { args: generate(path.join(folder, 'file', 'pool')).filter((each) => each !== '--json') };
  },
  async SPACECTL_NOT_ALLOWED(folder) {
    const server = await startHttpServer((_, response) => void response.writeHead(403).end());
    return { args: build(`${server.host}/a`, '--source', 'registry', '--dir', folder) };
  },
  SPACECTL_NO_CREDENTIALS: () => ({ args: ['workerpool', 'list'] }),
  async SPACECTL_BAD_ANSWERS(folder) {
    const file = path.join(folder, 'answers.yaml');
    await writeFile(file, 'pool: [');
    return { args: ['init', '--answers', file, '--no-input', '--dir', folder] };
  },
};

/** Codes that other tests reach, with what they need: an image, a launcher, a signal, another process. */
const ELSEWHERE: readonly ErrorCode[] = [
  'SPACECTL_NO_BUNDLE',
  'SPACECTL_TOO_LARGE',
  'SPACECTL_POOL_EXISTS',
  'SPACECTL_BUSY',
  'SPACECTL_DIGEST_MISMATCH',
  'SPACECTL_INTERRUPTED',
];

test.each(Object.entries(FAILURES))('%s has its exit code, with and without --json', async (code, make) => {
  const folder = await temporaryFolder();
  const env = { HOME: folder, XDG_CACHE_HOME: path.join(folder, 'cache') };
  const { args, env: own } = await make(folder);
  const exit = ERROR_CODES[code as ErrorCode].exit;
  const plain = await spacectl(args, { env: { ...env, ...own } });
  expect({ exitCode: plain.exitCode, stderr: plain.stderr }).toEqual({
    exitCode: exit,
    stderr: expect.stringContaining(`Code: ${code}`),
  });
  const json = await spacectl([...args, '--json'], { env: { ...env, ...own } });
  expect({ exitCode: json.exitCode, stderr: json.stderr }).toMatchObject({ exitCode: exit });
  const document = JSON.parse(String(json.stdout));
  expect(document.error).toMatchObject({ code, suggestions: expect.any(Array) });
});

test('Every code is in this table, or reached by a test of its own', () => {
  const known = [...Object.keys(FAILURES), ...ELSEWHERE];
  expect(known.toSorted()).toEqual(Object.keys(ERROR_CODES).toSorted());
});
