import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import {
  type ImageFile,
  openRegistryImage,
  parsePlatform,
  parseReference,
  readFirstFile,
} from '../../../src/oci/index.ts';
import type { ImageOptions } from '../../../src/oci/registry/image.ts';
import { createAuthority } from '../../services/authority.ts';
import { buildImage, buildIndex, directory, file, pushIndex, symlink, writeLayout } from '../../services/image.ts';
import { testWith } from '../../services/programs.ts';
import { startRegistry } from '../../services/registry.ts';
import { copyImage } from '../../services/skopeo.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const DEBIAN = 'etc/ssl/certs/ca-certificates.crt';
const PATHS = [`/${DEBIAN}`, '/etc/pki/tls/certs/ca-bundle.crt', '/etc/ssl/cert.pem'];
const { signal } = new AbortController();
const CREDENTIALS = { username: 'me', password: 'a secret' };

const debian = ['linux/amd64', 'linux/arm64'].map((platform) =>
  buildImage({
    platform: parsePlatform(platform),
    layers: [
      [directory('usr'), file('bin/sh', 'sh')],
      [file(DEBIAN, `debian ${platform}`)],
      [file('usr/bin/tool', platform)],
    ],
  }),
);
const redHat = ['linux/amd64', 'linux/arm/v7', 'linux/arm/v6', 'linux/arm64/v8'].map((platform) =>
  buildImage({
    platform: parsePlatform(platform),
    format: 'docker',
    compression: 'none',
    layers: [
      [
        symlink('etc/ssl/certs', '/etc/pki/tls/certs'),
        symlink('etc/pki/tls/certs/ca-bundle.crt', '/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem'),
      ],
      [file('etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', `red hat ${platform}`)],
    ],
  }),
);

/** Opens an image and reads its bundle. */
async function bundleOf(
  reference: string,
  options: Partial<ImageOptions> = {},
): Promise<ImageFile & { manifestDigest?: string; indexDigest?: string }> {
  const environment = { HOME: await temporaryFolder() };
  const platform = parsePlatform('linux/amd64');
  const image = await openRegistryImage(parseReference(reference), { platform, environment, signal, ...options });
  onTestFinished(() => image.close());
  return { ...(await readFirstFile(image, PATHS, { signal })), ...image };
}

/** An environment in which `docker login` has been used. */
async function loggedIn(auths: unknown): Promise<NodeJS.ProcessEnv> {
  const folder = path.join(await temporaryFolder(), 'docker');
  await mkdir(folder);
  await writeFile(path.join(folder, 'config.json'), typeof auths === 'string' ? auths : JSON.stringify({ auths }));
  return { DOCKER_CONFIG: folder };
}

/** A registry with both images; its host. */
async function openRegistry(): Promise<string> {
  const { host, url } = await startRegistry();
  await pushIndex(url, 'test/debian', 'latest', debian, { hasAttestations: true });
  await pushIndex(url, 'test/red-hat', '9', redHat, { format: 'docker' });
  return host;
}

const inRegistry = testWith('docker-registry');

inRegistry.each(['linux/amd64', 'linux/arm64'])(
  'the bundle of a Debian-like image is read for %s',
  async (platform) => {
    const host = await openRegistry();
    const found = await bundleOf(`${host}/test/debian`, { platform: parsePlatform(platform) });
    const image = debian.find(({ manifest }) => manifest.digest === found.manifestDigest);
    expect(found.bytes.toString()).toBe(`debian ${platform}`);
    expect(found.indexDigest).toBe(buildIndex(debian, { hasAttestations: true }).index.digest);
    expect(found.layer).toBe(image?.layers[1]?.digest);
    expect(found.verifiedLayers).toEqual([image?.layers[2]?.digest, image?.layers[1]?.digest]);
  },
);

inRegistry.each([
  ['linux/amd64', 'linux/amd64'],
  ['linux/arm64', 'linux/arm64/v8'],
  ['linux/arm64/v8', 'linux/arm64/v8'],
  ['linux/arm', 'linux/arm/v7'],
  ['linux/arm/v6', 'linux/arm/v6'],
])('the bundle of a Red Hat-like image with Docker media types is read for %s', async (platform, expected) => {
  const host = await openRegistry();
  const found = await bundleOf(`${host}/test/red-hat:9`, { platform: parsePlatform(platform) });
  expect(found.bytes.toString()).toBe(`red hat ${expected}`);
  expect(found.resolvedPath).toBe('/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem');
});

inRegistry('an image is read by the digest of its index and by its own', async () => {
  const host = await openRegistry();
  const { index } = buildIndex(debian, { hasAttestations: true });
  expect((await bundleOf(`${host}/test/debian@${index.digest}`)).bytes.toString()).toBe('debian linux/amd64');
  const own = await bundleOf(`${host}/test/debian@${debian[1]?.manifest.digest}`);
  expect(own.bytes.toString()).toBe('debian linux/arm64');
  expect(own.indexDigest).toBeUndefined();
});

testWith('docker-registry', 'skopeo')('an image that skopeo pushed is read', async () => {
  const { host } = await startRegistry();
  const layout = path.join(await temporaryFolder(), 'layout');
  await writeLayout(layout, { own: debian[0] as (typeof debian)[0] });
  await copyImage(`oci:${layout}:own`, `docker://${host}/test/single:1`);
  const found = await bundleOf(`${host}/test/single:1`);
  expect(found.bytes.toString()).toBe('debian linux/amd64');
  expect(found.manifestDigest).toBe(debian[0]?.manifest.digest);
  expect(found.indexDigest).toBeUndefined();
});

inRegistry('an error about a missing platform says which ones exist', async () => {
  const host = await openRegistry();
  const opening = bundleOf(`${host}/test/debian`, { platform: parsePlatform('linux/s390x') });
  await expect(opening).rejects.toMatchObject({
    code: 'SPACECTL_NO_IMAGE',
    message: `${host}/test/debian:latest has no image for linux/s390x: it has linux/amd64, linux/arm64`,
  });
});

inRegistry('a missing image is an error that names it', async () => {
  const host = await openRegistry();
  const opening = bundleOf(`${host}/test/debian:none`);
  await expect(opening).rejects.toMatchObject({
    code: 'SPACECTL_NO_IMAGE',
    message: expect.stringContaining('test/debian:none'),
  });
});

testWith('docker-registry', 'openssl')(
  'a registry under a private CA is read with that CA, and not without',
  async () => {
    const folder = await temporaryFolder();
    const { authority, ...pem } = await createAuthority();
    const [certificate, key] = [path.join(folder, 'tls.crt'), path.join(folder, 'tls.key')];
    await writeFile(certificate, pem.certificate);
    await writeFile(key, pem.key);
    const registry = await startRegistry({ tls: { certificate, key, certificateAuthority: authority } });
    await pushIndex(registry.url, 'test', 'latest', debian, { certificateAuthority: authority });
    const found = await bundleOf(`${registry.host}/test`, { certificateAuthority: authority });
    expect(found.bytes.toString()).toBe('debian linux/amd64');
    await expect(bundleOf(`${registry.host}/test`, { plainHttp: false })).rejects.toMatchObject({
      code: 'SPACECTL_UNREACHABLE',
      suggestions: [{ text: expect.stringContaining('--registry-ca') }],
    });
  },
);

testWith('docker-registry', 'htpasswd')(
  'a registry with basic authentication takes a given or stored login, and no stale or wrong one',
  async () => {
    const registry = await startRegistry({ credentials: CREDENTIALS });
    await pushIndex(registry.url, 'test', 'latest', debian, { credentials: CREDENTIALS });
    const reference = `${registry.host}/test`;
    expect((await bundleOf(reference, { credentials: CREDENTIALS })).bytes.toString()).toBe('debian linux/amd64');
    const auth = Buffer.from('me:a secret').toString('base64');
    for (const key of [registry.host, `https://${registry.host}/v2/`]) {
      const environment = await loggedIn({ 'other.example': { auth: 'eDp5' }, [key]: { auth } });
      expect((await bundleOf(reference, { environment })).bytes.toString()).toBe('debian linux/amd64');
    }
    const wrong = { username: 'me', password: 'not-the-one' };
    const stale = await loggedIn({ [registry.host]: wrong });
    for (const options of [{ credentials: wrong }, { environment: stale }, {}]) {
      const failure = await bundleOf(reference, options).catch((error) => error);
      expect(failure).toMatchObject({ code: 'SPACECTL_NOT_ALLOWED', exitCode: 77 });
      expect(JSON.stringify([failure, failure.message, failure.stack])).not.toMatch(
        /not-the-one|bm90LXRoZS1vbmU|secret/,
      );
    }
    const broken = await loggedIn('{"auths": secret');
    await expect(bundleOf(reference, { environment: broken })).rejects.toMatchObject({
      code: 'SPACECTL_BAD_ANSWERS',
      message: expect.not.stringContaining('secret'),
    });
  },
);

test('a registry that cannot be reached is an error that names it', async () => {
  await expect(bundleOf('127.0.0.1:1/x')).rejects.toMatchObject({ code: 'SPACECTL_UNREACHABLE', exitCode: 69 });
});
