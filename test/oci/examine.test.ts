import { expect, test } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { type Image, NOT_EXAMINED, type Questions } from '../../src/oci/index.ts';
import { examineImage } from '../../src/oci/read-file.ts';
import type { ExamineOptions } from '../../src/oci/readable-image.ts';
import { buildImage, type Entry, file, opaque, symlink, whiteout } from '../services/image.ts';
import { BUNDLE, inMemory, platform } from '../services/image-in-memory.ts';
import { randomLayers } from '../services/random-layers.ts';

const imageOf = (layers: readonly (readonly Entry[])[]) =>
  inMemory(buildImage({ platform, layers, compression: 'none' }));
const signal = new AbortController().signal;
const examine = async (image: Image, questions: Questions, options: Partial<ExamineOptions> = {}) =>
  (await examineImage(image, [`/${BUNDLE}`], { signal, isFirstEnough: true, questions, ...options })).examination;

const links = [symlink('etc/ssl/cert.pem', 'certs/ca-certificates.crt'), symlink('etc/pki/certs', '../ssl/certs')];
/** Where the path leads that was looked for in any case. */
const own = { [`/${BUNDLE}`]: { kind: 'file', resolvedPath: `/${BUNDLE}`, size: 6 } };
const PATHS = ['/etc/ssl/cert.pem', '/etc/pki/certs', '/etc/ssl/none.pem', '/etc/ssl/empty.pem'];

test('paths lead to files and directories through links, or to nothing', async () => {
  const image = imageOf([[...links, file('etc/ssl/empty.pem', '')], [file(BUNDLE, 'bundle')]]);
  const { paths, isComplete } = await examine(image, { paths: PATHS, files: [] }, { isThorough: true });
  expect(isComplete).toBe(true);
  expect(paths).toEqual({
    ...own,
    '/etc/ssl/cert.pem': { kind: 'file', resolvedPath: `/${BUNDLE}`, size: 6 },
    '/etc/pki/certs': { kind: 'directory', resolvedPath: '/etc/ssl/certs' },
    '/etc/ssl/none.pem': { kind: 'absent' },
    '/etc/ssl/empty.pem': { kind: 'file', resolvedPath: '/etc/ssl/empty.pem', size: 0 },
  });
});

test('files are found by name, with texts that end in another chunk, and paths in them are looked up', async () => {
  const library = `${'x'.repeat(3000)}\0/etc/ssl/cert.pem\0${'y'.repeat(3000)}\0/opt/ssl/certs\0`;
  const questions = {
    paths: ['/etc/cert.pem'],
    files: [{ name: 'libcrypto\\.so\\..*', text: '\\0(/[^\\0]+)(?=\\0)' }],
  };
  const image = imageOf([
    [...links, file('usr/lib/libcrypto.so.3', library), file('usr/lib/other/libcrypto.so.1', 'none')],
    [file(BUNDLE, 'bundle'), whiteout('usr/lib/other'), file('opt/libcrypto.so', 'not this name')],
  ]);
  const { paths, files } = await examine(image, questions, { isThorough: true });
  expect(files).toEqual([{ path: '/usr/lib/libcrypto.so.3', texts: ['/etc/ssl/cert.pem', '/opt/ssl/certs'] }]);
  expect(paths['/etc/ssl/cert.pem']).toMatchObject({ resolvedPath: `/${BUNDLE}` });
});

const large = 'x'.repeat(200_000);
const questions: Questions = { paths: PATHS.slice(0, 1), files: [{ name: 'git' }] };

test('layers below the bundle are read if they are a small part of the image, or if the image is read thoroughly', async () => {
  const upper = [file(BUNDLE, 'bundle'), file('usr/lib/large', large)];
  const small = imageOf([[...links, file('usr/bin/git', '')], upper]);
  const found = { files: [{ path: '/usr/bin/git' }], isComplete: true };
  expect(await examine(small, questions)).toMatchObject({
    ...found,
    paths: { [PATHS[0] as string]: { kind: 'file' } },
  });

  const big = imageOf([[...links, file('usr/bin/git', large)], upper]);
  const unknown = { paths: { ...own, [PATHS[0] as string]: { kind: 'unknown' } }, files: [], isComplete: false };
  expect(await examine(big, questions)).toEqual(unknown);
  expect(big.opened).toHaveLength(1);
  expect(await examine(big, questions, { isThorough: true })).toMatchObject(found);
  expect(await examine(small, questions, { isFast: true })).toEqual(unknown);
});

test('a layer that cannot be read and is not needed for the bundle is no error', async () => {
  const image = imageOf([links, [file(BUNDLE, 'bundle'), file('usr/lib/large', large)]]);
  const [lower, upper] = image.layers as [Image['layers'][0], Image['layers'][0]];
  const foreign = { ...lower, mediaType: 'application/vnd.docker.image.rootfs.foreign.diff.tar.gzip' };
  const broken = { ...image, layers: [foreign, upper] };
  expect(await examine(broken, questions)).toMatchObject({ isComplete: false });
  await expect(examine(broken, questions, { isThorough: true })).rejects.toMatchObject({ code: 'SPACECTL_BAD_IMAGE' });
});

test('nothing but the bundle is said of an image with a layer that was not read to its end', async () => {
  const image = imageOf([links, [file(BUNDLE, 'bundle'), file('usr/bin/git', large)]]);
  const layers = image.layers.map((layer) => ({ ...layer, isInOrder: true }));
  expect(await examine({ ...image, layers }, questions, { isFast: true })).toEqual({ ...NOT_EXAMINED, paths: own });
});

test('an image without a bundle is an error, unless the bundle is optional', async () => {
  const image = imageOf([[file('usr/bin/git', '')]]);
  expect(await examine(image, questions, { isOptional: true })).toMatchObject({ files: [{ path: '/usr/bin/git' }] });
  await expect(examine(image, questions)).rejects.toMatchObject({ code: 'SPACECTL_NO_BUNDLE' });
});

test('what is said before all layers are read is never taken back', async () => {
  let [known, unknown] = [0, 0];
  for (let seed = 1; seed <= 200; seed++) {
    const layers = [...randomLayers(seed), ...(seed % 2 ? [[opaque('etc/ssl'), file(BUNDLE, 'bundle')]] : [])];
    const image = imageOf(layers);
    const asked = {
      paths: layers.flatMap((each) => each.map(({ name }) => `/${name}`)),
      files: [{ name: 'cert|ssl' }],
    };
    const answers = async (isThorough: boolean) =>
      examine(image, asked, { isThorough, isOptional: isThorough }).catch((error: unknown) => {
        if (error instanceof UserError) return undefined;
        throw error;
      });
    const [early, late] = [await answers(false), await answers(true)];
    if (!early || !late || early.isComplete) continue;
    for (const [path, target] of Object.entries(early.paths)) {
      if (target.kind === 'unknown') unknown++;
      else expect({ seed, path, target }).toEqual({ seed, path, target: late.paths[path] });
      if (target.kind !== 'unknown') known++;
    }
    for (const { path } of early.files) {
      expect({ seed, path, isThere: late.files.some((each) => each.path === path) }).toMatchObject({ isThere: true });
    }
  }
  expect([known > 100, unknown > 100]).toEqual([true, true]);
});
