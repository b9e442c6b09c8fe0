import { mkdir, rename, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { debianLike } from '../services/bundle-images.ts';
import { makeCertificate } from '../services/certificate.ts';
import { type Engine, ownPodman, startDocker } from '../services/engine.ts';
import { file, pushImage, writeLayout } from '../services/image.ts';
import { spacectl } from '../services/program.ts';
import { NAMESPACES, ROOT, testWith } from '../services/programs.ts';
import { startRegistry } from '../services/registry.ts';
import { copyImage } from '../services/skopeo.ts';
import { snapshot } from '../services/snapshot.ts';
import { buildTar } from '../services/tar.ts';
import { temporaryFolder } from '../services/temporary.ts';

const base = makeCertificate({ subject: { CN: 'Base' } }).pem;
const custom = makeCertificate({ subject: { CN: 'Custom' } }).pem;

/** A source of a bundle, and how it goes away. */
interface Source {
  /** The value of --image, and of --source if it does not follow from it. */
  readonly image: string;
  readonly kind?: string;
  readonly environment?: Record<string, string>;
  /** Makes it go away. */
  remove(): Promise<unknown>;
}

/** What is said of a source that is gone. */
interface Said {
  /** By `build`: exit code, message, advice. */
  readonly build: readonly [number, RegExp, RegExp];
  /** By `check`: its finding, or its error where it cannot tell whether the source is gone. */
  readonly check: readonly [number, RegExp];
}

/** Builds from a source, removes it, and then builds, checks and rebuilds. */
async function expectToMiss(make: (folder: string) => Promise<Source>, { build, check }: Said): Promise<void> {
  const folder = await temporaryFolder();
  const { image, kind, environment: env = {}, remove } = await make(folder);
  const pool = path.join(folder, 'pool');
  await mkdir(pool);
  await writeFile(path.join(folder, 'custom.pem'), custom);
  const run = async (...args: readonly string[]) => {
    const { exitCode, stderr, stdout } = await spacectl(['ca-bundle', ...args], {
      cwd: folder,
      env: { ...env, XDG_CACHE_HOME: path.join(folder, 'cache') },
    });
    return { exitCode, text: `${stdout}\n${stderr}`.replace(/\s+/g, ' ') };
  };
  const building = [
    'build',
    '--dir',
    pool,
    '--ca',
    'custom.pem',
    '--image',
    image,
    ...(kind ? ['--source', kind] : []),
  ];
  expect(await run(...building)).toMatchObject({ exitCode: 0 });
  expect(await run('check', '--dir', pool)).toMatchObject({ exitCode: 0 });
  const before = await snapshot(pool);
  await remove();

  const built = await run(...building);
  expect(built, 'build').toMatchObject({ exitCode: build[0], text: expect.stringMatching(build[1]) });
  expect(built.text, 'build').toMatch(/Try: /);
  expect(built.text, 'build').toMatch(build[2]);
  for (const more of [[], ['--update'], ['--update', '--force']]) {
    const checked = await run('check', '--dir', pool, ...more);
    expect(checked, `check ${more.join(' ')}`).toMatchObject({
      exitCode: check[0],
      text: expect.stringMatching(check[1]),
    });
  }
  expect(await snapshot(pool)).toEqual(before);
}

testWith('docker-registry')('the repository is gone from its registry', async () => {
  const data = await temporaryFolder();
  const registry = await startRegistry({ data });
  await pushImage(registry.url, 'runner', 'v1', debianLike('amd64', base));
  const make = async (): Promise<Source> => ({
    image: `${registry.host}/runner:v1`,
    remove: () => rename(path.join(data, 'docker'), path.join(data, 'gone')),
  });
  await expectToMiss(make, {
    build: [2, /\/runner:v1 does not exist/, /Check the repository and the tag/],
    check: [10, /\/runner:v1 no longer exists/],
  });
});

test.each<[string, string, Said]>([
  [
    'archive',
    'image.tar',
    { build: [2, /image\.tar does not exist/, /Pass --image PATH/], check: [10, /does not exist/] },
  ],
  ['oci-layout', 'layout', { build: [2, /layout does not exist/, /Pass --image PATH/], check: [10, /does not exist/] }],
  [
    'file',
    'base.pem',
    { build: [74, /Cannot read base\.pem: no such/, /Pass --image FILE/], check: [10, /no such file/] },
  ],
  ['auto', './image.tar', { build: [74, /there is no such file/, /Pass --image with/], check: [10, /does not exist/] }],
  ['auto', './base.pem', { build: [74, /there is no such file/, /Pass --image with/], check: [10, /no such file/] }],
])('the source of kind "%s" is gone from %s', async (kind, image, said) => {
  await expectToMiss(async (folder) => {
    const layout = path.join(folder, 'layout');
    await writeLayout(layout, { v1: debianLike('amd64', base) });
    await execa('tar', ['-C', layout, '-cf', path.join(folder, 'image.tar'), '.']);
    await writeFile(path.join(folder, 'base.pem'), base);
    return { image, kind, remove: () => rename(path.join(folder, image), path.join(folder, 'gone')) };
  }, said);
});

testWith('skopeo')('the directory of skopeo copy is gone', async () => {
  const make = async (folder: string): Promise<Source> => {
    const [layout, image] = [path.join(folder, 'layout'), path.join(folder, 'image')];
    await writeLayout(layout, { v1: debianLike('amd64', base) });
    await copyImage(`oci:${layout}:v1`, `dir:${image}`);
    return { image: 'image', kind: 'dir', remove: () => rename(image, path.join(folder, 'gone')) };
  };
  await expectToMiss(make, { build: [2, /image does not exist/, /Pass --image PATH/], check: [10, /does not exist/] });
});

async function expectToMissFromEngine(engine: Engine): Promise<void> {
  await expectToMiss(
    async (folder) => {
      const root = path.join(folder, 'root.tar');
      await writeFile(root, buildTar([file('etc/ssl/certs/ca-certificates.crt', base)]));
      await engine.run('import', root, '127.0.0.1:1/runner:v1');
      return {
        image: '127.0.0.1:1/runner:v1',
        kind: engine.program,
        environment: engine.environment,
        remove: () => engine.run('rmi', '127.0.0.1:1/runner:v1'),
      };
    },
    {
      build: [69, /does not have 127\.0\.0\.1:1\/runner:v1, and cannot pull it: /, /image ls/],
      check: [69, /does not have 127\.0\.0\.1:1\/runner:v1, and cannot pull it: .*Try: /],
    },
  );
}

testWith(NAMESPACES, 'dockerd', 'docker')('the image is gone from Docker', { timeout: 180_000 }, async () => {
  await expectToMissFromEngine(await startDocker());
});

testWith(ROOT, 'podman')('the image is gone from Podman', { timeout: 180_000 }, async () => {
  await expectToMissFromEngine(await ownPodman());
});

test.each(['docker', 'podman'])('%s is gone itself: the error says which program is missing', async (program) => {
  const folder = await temporaryFolder();
  const args = ['--dir', folder, '--ca', 'docs/example-ca.pem', '--image', 'runner:v1', '--source', program];
  const run = await spacectl(['ca-bundle', 'build', ...args], { env: { PATH: folder } });
  expect(run.stderr).toContain(`${program} is not installed or not in PATH`);
  expect(run.exitCode).toBe(69);
});
