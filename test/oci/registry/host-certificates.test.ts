import { execFile } from 'node:child_process';
import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { promisify } from 'node:util';
import { expect, onTestFinished, test } from 'vitest';
import { discard } from '../../../src/http/index.ts';
import { MANIFEST_TYPES } from '../../../src/oci/manifest.ts';
import { connect, type RegistryOptions } from '../../../src/oci/registry/connect.ts';
import { findHostCertificates } from '../../../src/oci/registry/host-certificates.ts';
import { createAuthority } from '../../services/authority.ts';
import { makeCertificate } from '../../services/certificate.ts';
import { startHttpServer } from '../../services/http-server.ts';
import { buildImage, file, pushImage } from '../../services/image.ts';
import { homeWith } from '../../services/login-files.ts';
import { testWith } from '../../services/programs.ts';
import { startRegistry } from '../../services/registry.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const { signal } = new AbortController();
const { pem } = makeCertificate({ subject: { CN: 'A' } });
const second = makeCertificate({ subject: { CN: 'B' } }).pem;

/** What is found for `r.example:5000`, and what is reported. Paths are in the home directory, and below `root/`. */
async function find(files: Readonly<Record<string, string>>) {
  const home = await homeWith(files);
  const reports: string[] = [];
  const options = {
    environment: { HOME: home },
    root: path.join(home, 'root'),
    report: (each: string) => reports.push(each),
  };
  return { found: await findHostCertificates('r.example:5000', options), reports, home };
}

// containers/image, docker/docker_client.go (dockerCertDir) and docs/containers-certs.d.5.md, v5.37; moby/moby,
// daemon/pkg/registry/config.go (CertsDir), b985e23.
const PLACES = ['.config/containers', 'root/etc/containers', 'root/etc/docker'].map(
  (each) => `${each}/certs.d/r.example:5000`,
);

test.each(PLACES)('the certificates in %s are found', async (place) => {
  const files = { [`${place}/ca.crt`]: pem, [`${place}/client.cert`]: 'certificate', [`${place}/client.key`]: 'key' };
  expect((await find({ ...files, [`${place}/../other.example/ca.crt`]: second })).found).toEqual({
    certificateAuthority: pem,
    clientCertificate: { certificate: 'certificate', key: 'key' },
  });
});

test('only the first folder that exists is read, even if it is empty', async () => {
  const all = Object.fromEntries(PLACES.map((place, index) => [`${place}/ca.crt`, `-----BEGIN ${index}`]));
  expect((await find(all)).found).toEqual({ certificateAuthority: '-----BEGIN 0' });
  const { [`${PLACES[0]}/ca.crt`]: _, ...rest } = all;
  expect((await find(rest)).found).toEqual({ certificateAuthority: '-----BEGIN 1' });
  expect((await find({ ...rest, [`${PLACES[0]}/README`]: '' })).found).toEqual({});
});

test('all CAs of a folder count, and its first client certificate', async () => {
  const [place] = PLACES;
  const { found } = await find({
    [`${place}/b.crt`]: second,
    [`${place}/a.crt`]: pem,
    [`${place}/not-pem.crt`]: 'hello',
    [`${place}/x.pem`]: '-----BEGIN OTHER',
    [`${place}/z.cert`]: 'z',
    [`${place}/z.key`]: 'zk',
    [`${place}/y.cert`]: 'y',
    [`${place}/y.key`]: 'yk',
  });
  expect(found).toEqual({
    certificateAuthority: `${pem}\n${second}`,
    clientCertificate: { certificate: 'y', key: 'yk' },
  });
});

test.each([
  ['client.cert', 'client.cert lacks its key, client.key'],
  ['client.key', 'client.key lacks its certificate, client.cert'],
])('half of a client certificate is an error that names the folder: %s', async (name, why) => {
  await expect(find({ [`${PLACES[2]}/${name}`]: 'x' })).rejects.toMatchObject({
    code: 'SPACECTL_BAD_ANSWERS',
    message: expect.stringMatching(new RegExp(`^Cannot use /.*/root/etc/docker/certs.d/r.example:5000: ${why}$`)),
    suggestions: [{ text: expect.stringContaining('*.crt') }],
  });
});

test('a directory in place of a file is passed over with a word', async () => {
  const { found, reports } = await find({ [`${PLACES[2]}/ca.crt/x`]: '', [`${PLACES[2]}/b.crt`]: pem });
  expect(found).toEqual({ certificateAuthority: pem });
  expect(reports).toEqual([expect.stringMatching(/ca\.crt.*\. Continuing without it$/)]);
});

test('a folder that cannot be read is passed over with a word', async () => {
  const home = await homeWith({ [`${PLACES[2]}/ca.crt`]: pem, '.config/containers/certs.d/x/y': '' });
  await symlink('r.example:5000', path.join(home, PLACES[0] as string));
  const reports: string[] = [];
  const report = (each: string) => reports.push(each);
  const options = { environment: { HOME: home }, root: path.join(home, 'root'), report };
  expect(await findHostCertificates('r.example:5000', options)).toEqual({ certificateAuthority: pem });
  expect(reports).toEqual([`${path.join(home, PLACES[0] as string)} cannot be read. Continuing without it`]);
});

/** Asks a registry and its mirrors for a manifest, with the certificates in a home directory. */
async function statusOf(registry: string, home: string, options: Partial<RegistryOptions> = {}) {
  const reference = { registry, repository: 'team/x' };
  const { repository, close } = await connect(reference, {
    environment: { HOME: home },
    root: home,
    signal,
    ...options,
  });
  onTestFinished(close);
  const response = await repository.get('manifests/1', { accept: MANIFEST_TYPES.join() }, signal);
  discard(response);
  return response.status;
}

testWith('openssl')('a registry and a mirror are each reached with the certificates of their own host', async () => {
  const authorities = [await createAuthority(), await createAuthority()] as const;
  const [own, mirror] = await Promise.all(
    authorities.map(({ authority, ...tls }, index) =>
      startHttpServer((_, response) => response.writeHead(index === 0 ? 200 : 404).end(), {
        ...tls,
        clientAuthority: authority,
      }),
    ),
  );
  if (!own || !mirror) throw new Error('not started');
  const folderOf = (host: string, { authority, certificate, key }: (typeof authorities)[0]) => ({
    [`etc/docker/certs.d/${host}/ca.crt`]: authority,
    [`etc/docker/certs.d/${host}/client.cert`]: certificate,
    [`etc/docker/certs.d/${host}/client.key`]: key,
  });
  const home = await homeWith({ ...folderOf(own.host, authorities[0]), ...folderOf(mirror.host, authorities[1]) });
  // Although it is on loopback, it is reached over TLS: there is a CA for it.
  expect(await statusOf(own.host, home, { mirrors: [mirror.host] })).toBe(200);
  expect([own.requests.length, mirror.requests.length]).toEqual([1, 1]);
  await expect(statusOf(mirror.host, await homeWith(folderOf(mirror.host, authorities[0])))).rejects.toThrow(
    /signed by an unknown authority/,
  );
  // What is given takes the place of what is stored.
  const [{ authority, ...client }] = authorities;
  const options = { certificateAuthority: authority, clientCertificate: client };
  expect(await statusOf(own.host, await homeWith(folderOf(own.host, authorities[1])), options)).toBe(200);
});

testWith(
  'docker-registry',
  'skopeo',
  'openssl',
)('skopeo and spacectl read a registry with the same folder', async () => {
  const folder = await temporaryFolder();
  const { authority, ...pems } = await createAuthority();
  const at = (name: string) => path.join(folder, name);
  for (const [name, text] of Object.entries({ ...pems, authority })) await writeFile(at(name), text);
  const tls = {
    certificate: at('certificate'),
    key: at('key'),
    certificateAuthority: authority,
    clientAuthorities: at('authority'),
    clientCertificate: pems,
  };
  const { host, url } = await startRegistry({ tls });
  const image = buildImage({ platform: { os: 'linux', architecture: 'amd64' }, layers: [[file('a', 'b')]] });
  await pushImage(url, 'team/x', '1', image, { certificateAuthority: authority, clientCertificate: pems });
  const place = `.config/containers/certs.d/${host}`;
  const skopeo = async (home: string) =>
    promisify(execFile)('skopeo', ['inspect', '--raw', `docker://${host}/team/x:1`], {
      env: { PATH: process.env['PATH'], HOME: home },
    }).then(
      () => 200,
      () => 'refused',
    );
  const ours = (home: string) => statusOf(host, home).catch(() => 'refused');
  const ca = { [`${place}/ca.crt`]: authority };
  const client = { [`${place}/client.cert`]: pems.certificate, [`${place}/client.key`]: pems.key };
  for (const [files, expected] of [
    [{ ...ca, ...client }, 200],
    [ca, 'refused'],
    [client, 'refused'],
    [{ ...ca, [`${place}/client.cert`]: pems.certificate }, 'refused'],
    [{ [`${place}/mine.crt`]: `text\n${authority}`, ...client }, 200],
  ] as const) {
    const home = await homeWith(files);
    expect([await skopeo(home), await ours(home)]).toEqual([expected, expected]);
  }
});
