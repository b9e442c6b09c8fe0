import { readFile, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { findEngine, inspectImage } from '../../../src/oci/engine/inspection.ts';
import { type OpenImage, openImage, parseLocation, parsePlatform } from '../../../src/oci/index.ts';
import { dockerArchive, writeInto } from '../../services/archive.ts';
import {
  type Engine,
  ownPodman,
  podmanAsDocker,
  podmanService,
  startDocker,
  useEngine,
} from '../../services/engine.ts';
import { buildImage, type Entry, file, hardlink, symlink } from '../../services/image.ts';
import { contentIn, inMemory } from '../../services/image-in-memory.ts';
import { spacectl } from '../../services/program.ts';
import { NAMESPACES, ROOT, testWith } from '../../services/programs.ts';
import { randomSteps } from '../../services/random-layers.ts';
import { buildTar } from '../../services/tar.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const { signal } = new AbortController();

/** Makes an image of some files in an engine, without a network and without running anything. */
async function load(engine: Engine, tag: string, entries: readonly Entry[]): Promise<void> {
  const archive = path.join(await temporaryFolder(), 'root.tar');
  await writeFile(archive, buildTar(entries));
  await engine.run('import', archive, tag);
}

/** The file that an image has at one of some paths: what it says, and where it is. */
async function read(image: OpenImage, ...paths: readonly string[]): Promise<readonly [string, string]> {
  const { bytes, resolvedPath } = await image.readFirstFile(paths, { signal });
  return [bytes.toString(), resolvedPath];
}

async function open(engine: Engine, reference: string, mayPull = false): Promise<OpenImage> {
  useEngine(engine);
  const location = await parseLocation(reference, engine.program);
  return openImage(location, { platform: parsePlatform('linux/amd64'), signal, mayPull });
}

const LARGE = 'large'.repeat(60_000);
/** Everything a path can lead through, side by side. */
const FILES: readonly Entry[] = [
  file('etc/ssl/plain.crt', 'plain'),
  symlink('etc/ssl/certs', '../pki/tls/certs'),
  file('etc/pki/real/bundle.pem', 'linked'),
  symlink('etc/pki/tls/certs/ca-certificates.crt', '../../real/bundle.pem'),
  symlink('etc/ssl/same.crt', '/usr/share/same.crt'),
  file('usr/share/same.crt', 'same name'),
  symlink('etc/ssl/above', '../../../../../../usr/share/x.crt'),
  file('usr/share/x.crt', 'clamped'),
  file('etc/ssl/a.pem', 'hard'),
  hardlink('etc/ssl/hard.crt', 'etc/ssl/a.pem'),
  file('etc/ssl/empty.crt', ''),
  file('etc/ssl/large.crt', LARGE),
  symlink('etc/ssl/loop', 'loop'),
  symlink('etc/ssl/dangling', 'nowhere'),
];

type Case = readonly [readonly string[], readonly [string, string]];

const CASES: readonly Case[] = [
  [['/etc/ssl/plain.crt'], ['plain', '/etc/ssl/plain.crt']],
  [['/etc/ssl/certs/ca-certificates.crt'], ['linked', '/etc/pki/real/bundle.pem']],
  [['/etc/ssl/same.crt'], ['same name', '/usr/share/same.crt']],
  [['/etc/ssl/above'], ['clamped', '/usr/share/x.crt']],
  [['/etc/ssl/hard.crt'], ['hard', '/etc/ssl/hard.crt']],
  [
    ['/etc/none', '/etc/ssl/empty.crt', '/etc/ssl', '/etc/ssl/plain.crt'],
    ['plain', '/etc/ssl/plain.crt'],
  ],
  [['/etc/ssl/large.crt'], [LARGE, '/etc/ssl/large.crt']],
];

async function tryAll(engine: Engine, cases = CASES): Promise<void> {
  await load(engine, 'localhost/shapes:1', FILES);
  const image = await open(engine, 'localhost/shapes:1');
  for (const [paths, expected] of cases) {
    expect(await read(image, ...paths), paths[0]).toEqual(expected);
  }
  const nothing = read(image, '/etc/ssl/loop', '/etc/ssl/dangling', '/etc/ssl', '/etc/ssl/plain.crt/x');
  await expect(nothing).rejects.toMatchObject({ code: 'SPACECTL_NO_BUNDLE' });
  await image.close();
  await tryIds(engine);
  expect(await engine.run('ps', '--all', '--quiet')).toBe('');
  await expect(open(engine, 'localhost/none:1')).rejects.toMatchObject({
    code: 'SPACECTL_PROGRAM_FAILED',
    message: `${engine.program} does not have localhost/none:1`,
  });
}

/** An image is found by its ID, whole or abbreviated, and an ID that the engine does not have is not pulled as a name. */
async function tryIds(engine: Engine): Promise<void> {
  const hex = (await engine.run('image', 'inspect', '--format', '{{.Id}}', 'localhost/shapes:1')).replace(
    'sha256:',
    '',
  );
  const found = { imageId: `sha256:${hex}`, reference: `sha256:${hex}` };
  const own = await findEngine(engine.program, signal);
  for (const id of [hex, hex.slice(0, 7)]) expect(await inspectImage(own, { id }, signal), id).toMatchObject(found);
  const image = await open(engine, `sha256:${hex.slice(0, 12)}`, true);
  expect(image).toMatchObject(found);
  expect(await read(image, '/etc/ssl/plain.crt')).toEqual(['plain', '/etc/ssl/plain.crt']);
  await image.close();
  const other = `${hex.startsWith('0') ? 'f' : '0'}${hex.slice(1)}`;
  for (const id of [`sha256:${other}`, other.slice(0, 12)]) {
    await expect(open(engine, id, true), id).rejects.toMatchObject({
      code: 'SPACECTL_NO_IMAGE',
      message: `${engine.program} has no image with the ID ${id.replace('sha256:', '')}`,
    });
  }
}

testWith(NAMESPACES, 'dockerd', 'docker')(
  'files are read out of an image in Docker as docker cp does, and no container stays behind',
  { timeout: 300_000 },
  async () => {
    const docker = await startDocker();
    await tryAll(docker);
    await docker.run('create', '--name', 'yardstick', 'localhost/shapes:1', 'x');
    const image = await open(docker, 'localhost/shapes:1');
    const target = path.join(await temporaryFolder(), 'copied');
    for (const name of ['plain.crt', 'certs/ca-certificates.crt', 'same.crt', 'hard.crt']) {
      await docker.run('cp', '-L', `yardstick:/etc/ssl/${name}`, target);
      const [content] = await read(image, `/etc/ssl/${name}`);
      expect(content, name).toBe(await readFile(target, 'utf8'));
    }
    await image.close();
    await stopAtContainer(docker);
    await compareRandom(docker);
    await standIn(docker);
  },
);

/** Stops the program as soon as it has made a container, which is while the engine's own program runs. */
async function stopAtContainer(docker: Engine): Promise<void> {
  const ours = () => docker.run('ps', '--all', '--quiet', '--filter', 'name=spacectl-');
  const args = ['ca-bundle', 'build', '--dir', await temporaryFolder(), '--ca', 'docs/example-ca.pem'];
  const run = spacectl([...args, '--source', 'docker', '--image', 'localhost/shapes:1'], { env: docker.environment });
  const deadline = Date.now() + 20_000;
  while ((await ours()) === '' && Date.now() < deadline) await new Promise((resolve) => setTimeout(resolve, 10));
  run.kill('SIGTERM');
  expect(await run).toMatchObject({ exitCode: 143, stderr: expect.stringContaining('Interrupted') });
  expect(await ours()).toBe('');
}

/** The random images Docker is asked about; SPACECTL_TEST_SEED: one of them. */
const SEEDS = process.env['SPACECTL_TEST_SEED']
  ? [Number(process.env['SPACECTL_TEST_SEED'])]
  : Array.from({ length: 8 }, (_, index) => index + 1);

/** Holds files of random images, byte for byte, against what `docker cp -L` says of them. */
async function compareRandom(docker: Engine): Promise<void> {
  const folder = await temporaryFolder();
  const images = new Map(
    SEEDS.map((seed) => {
      const layers = randomSteps(seed);
      return [seed, buildImage({ platform: parsePlatform('linux/amd64'), layers, compression: 'none' })];
    }),
  );
  const tagged = Object.fromEntries([...images].map(([seed, image]) => [`random:${seed}`, image]));
  await docker.run('load', '--quiet', '--input', await writeInto(folder, 'all.tar', dockerArchive(tagged)));
  let files = 0;
  for (const [seed, image] of images) {
    await docker.run('create', '--name', `random-${seed}`, `random:${seed}`, 'x');
    const names = randomSteps(seed).flatMap((layer) => layer.map(({ name }) => `/${name}`));
    const paths = [...new Set(names)].filter((name) => !name.includes('/.wh.')).slice(-3);
    const copies = paths.map(async (wanted, index) => {
      const target = path.join(folder, `${seed}-${index}`);
      await docker.run('cp', '-L', `random-${seed}:${wanted}`, target).catch(() => {});
      const isFile = (await stat(target).catch(() => undefined))?.isFile();
      const copied = isFile ? await readFile(target, 'utf8') : undefined;
      if (isFile) files++;
      const description = `SPACECTL_TEST_SEED=${seed}, ${wanted} in ${JSON.stringify(randomSteps(seed), undefined, 1)}`;
      expect(await contentIn(inMemory(image), wanted), description).toBe(copied);
    });
    await Promise.all(copies);
  }
  if (SEEDS.length > 1) expect(files).toBeGreaterThan(SEEDS.length);
}

/** A registry that is out of reach, and an engine that has the image. */
async function standIn(docker: Engine): Promise<void> {
  const folder = await temporaryFolder();
  const authority = path.resolve('docs/example-ca.pem');
  const bundle = await readFile('/etc/ssl/certs/ca-certificates.crt');
  await load(docker, '127.0.0.1:1/runner:1', [file('etc/ssl/certs/ca-certificates.crt', bundle)]);
  const build = (image: string, ...more: readonly string[]) =>
    spacectl(['ca-bundle', 'build', '--dir', folder, '--ca', authority, '--image', image, '--json', ...more], {
      env: docker.environment,
    });
  const { exitCode, stdout } = await build('127.0.0.1:1/runner:1');
  expect(exitCode).toBe(0);
  const { facts, warnings } = JSON.parse(String(stdout));
  expect(facts.caBundle).toMatchObject({ source: 'docker', image: { verifiedLayers: [] } });
  expect(warnings.join()).toMatch(
    /^Cannot reach 127\.0\.0\.1:1: .*Using the image of docker on this machine, which may be older/,
  );
  expect((await readFile(path.join(folder, 'custom-ca-bundle.crt'))).subarray(0, bundle.length)).toEqual(bundle);
  // An ID leads to the engine that has it.
  const id = await docker.run('image', 'inspect', '--format', '{{.Id}}', '127.0.0.1:1/runner:1');
  const byId = await build(id.slice('sha256:'.length, 19), '--force');
  expect(JSON.parse(String(byId.stdout)).facts.caBundle.image).toMatchObject({ reference: id, imageId: id });
  // Neither an image it does not have, nor where the registry was named.
  expect((await build('127.0.0.1:1/none:1')).exitCode).toBe(69);
  expect((await build('127.0.0.1:1/runner:1', '--source', 'registry')).exitCode).toBe(69);
}

testWith(ROOT, 'podman')(
  'files are read out of an image in Podman, and no container stays behind',
  { timeout: 180_000 },
  async () => {
    await tryAll(await ownPodman());
  },
);

testWith(ROOT, 'podman')(
  'files are read out of an image with a docker that is Podman',
  { timeout: 180_000 },
  async () => {
    const engine = await podmanAsDocker();
    await tryAll(engine, CASES.slice(1, 2));
  },
);

testWith(ROOT, 'podman', 'docker')(
  "files are read out of an image with Docker's client and Podman's service",
  { timeout: 180_000 },
  async () => {
    const engine = await podmanService();
    await load(engine, 'localhost/shapes:1', FILES);
    const image = await open(engine, 'shapes:1');
    const linked = '/etc/ssl/certs/ca-certificates.crt';
    expect(await read(image, linked)).toEqual(['linked', '/etc/pki/real/bundle.pem']);
    await image.close();
  },
);

testWith('docker')('a Docker daemon that does not answer is an error that says so', async () => {
  useEngine({ program: 'docker', environment: { DOCKER_HOST: 'unix:///nowhere/docker.sock' }, run: async () => '' });
  const opening = openImage(await parseLocation('x', 'docker'), { platform: parsePlatform('linux/amd64'), signal });
  await expect(opening).rejects.toMatchObject({ code: 'SPACECTL_PROGRAM_FAILED', exitCode: 69 });
});
