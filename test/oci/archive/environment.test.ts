import { readdir, readlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { type LocationKind, type OpenImage, openImage, parseLocation, parsePlatform } from '../../../src/oci/index.ts';
import { dockerArchive, layoutFiles, writeFiles } from '../../services/archive.ts';
import { type BuiltImage, buildImage, buildIndex, file } from '../../services/image.ts';
import { buildTar } from '../../services/tar.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const AMD64 = parsePlatform('linux/amd64');
const layers = [[file('etc/ssl/certs/ca-certificates.crt', 'a bundle')]];
const withVariables = buildImage({ platform: AMD64, layers, environment: ['SSL_CERT_FILE=/etc/a.crt', 'EMPTY='] });
const plain = buildImage({ platform: AMD64, layers });

async function open(where: string, kind: LocationKind, platform = AMD64): Promise<OpenImage> {
  const { signal } = new AbortController();
  const opened = await openImage(await parseLocation(where, kind), {
    platform,
    signal,
    environment: { HOME: '/none' },
  });
  onTestFinished(() => opened.close());
  return opened;
}

const FORMS = {
  'a layout': async (image: BuiltImage) => {
    const folder = await temporaryFolder();
    await writeFiles(folder, layoutFiles([{ image }]));
    return open(folder, 'oci-layout');
  },
  'an archive of a layout': (image: BuiltImage) => openTar(buildTar(layoutFiles([{ image }]))),
  'what docker save wrote': (image: BuiltImage) => openTar(dockerArchive({ 'runner:v1': image })),
};

async function openTar(bytes: Buffer): Promise<OpenImage> {
  const archive = path.join(await temporaryFolder(), 'image.tar');
  await writeFile(archive, bytes);
  return open(archive, 'archive');
}

test.each(Object.entries(FORMS))('the variables of an image in %s are read', async (_, openForm) => {
  expect(await (await openForm(withVariables)).environment()).toEqual({ SSL_CERT_FILE: '/etc/a.crt', EMPTY: '' });
  expect(await (await openForm(plain)).environment()).toEqual({});
});

test('an archive that is closed is open no longer', async () => {
  const opened = await FORMS['an archive of a layout'](plain);
  const isOpen = async () => (await openFiles()).some((name) => name === opened.reference);
  expect(await isOpen()).toBe(true);
  await opened.close();
  expect(await isOpen()).toBe(false);
});

test('of an index in a layout, an image that was not copied is one that it does not have', async () => {
  const [amd, arm] = ['linux/amd64', 'linux/arm64'].map((name) =>
    buildImage({ platform: parsePlatform(name), layers }),
  ) as [BuiltImage, BuiltImage];
  const folder = await temporaryFolder();
  const { index } = buildIndex([amd, arm]);
  await writeFiles(folder, layoutFiles([{ index, images: [amd] }]));
  expect((await open(folder, 'oci-layout')).manifestDigest).toBe(amd.manifest.digest);
  await expect(open(folder, 'oci-layout', parsePlatform('linux/arm64'))).rejects.toMatchObject({
    code: 'SPACECTL_NO_IMAGE',
    message: `${folder} has no image for linux/arm64: it has linux/amd64`,
  });
});

/** Lists the names of the files that this process has open. */
async function openFiles(): Promise<readonly string[]> {
  const links = await readdir('/proc/self/fd');
  return Promise.all(links.map((link) => readlink(`/proc/self/fd/${link}`).catch(() => '')));
}
