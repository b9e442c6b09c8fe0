import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { linux } from '../services/bundle-images.ts';
import { makeCertificate } from '../services/certificate.ts';
import { BUNDLE_CONTENT, DISTRIBUTIONS } from '../services/distributions/trees.ts';
import { buildImage, type Entry, file, writeLayout } from '../services/image.ts';
import { spacectl } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';

const authority = makeCertificate({ subject: { CN: 'Corp Root' }, isCa: true, keyUsage: 0x06 });
const base = makeCertificate({ subject: { CN: 'Base Root' }, isCa: true, keyUsage: 0x06 });
const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';

const programs = [
  file('usr/local/aws-cli/v2/dist/botocore/cacert.pem', ''),
  file('usr/local/bin/node', ''),
  file('opt/java/lib/server/libjvm.so', ''),
];
const large = file('usr/share/large', randomBytes(1e5));

/** An image of a distribution in a layout, with its programs in a layer below. */
async function layoutOf(name: string, lower: readonly Entry[], upper: readonly Entry[] = [large]) {
  const distribution = DISTRIBUTIONS.find((each) => each.name === name);
  const entries = (distribution?.entries ?? []).map((each) =>
    each.content === BUNDLE_CONTENT ? { ...each, content: base.pem } : each,
  );
  const folder = await temporaryFolder();
  const { environment = [] } = distribution ?? {};
  const layers = [lower, [...entries, ...upper]];
  await writeLayout(folder, { latest: buildImage({ platform: linux('amd64'), layers, environment }) });
  return folder;
}

async function build(image: string, ...flags: readonly string[]) {
  const folder = await temporaryFolder();
  const [ca, output] = [path.join(folder, 'ca.pem'), path.join(folder, 'out')];
  await mkdir(output);
  await writeFile(ca, authority.pem);
  const args = ['ca-bundle', 'build', '--ca', ca, '--dir', output, '--image', image];
  const run = await spacectl([...args, ...flags]);
  const lockFile = path.join(output, 'custom-ca-bundle.lock.json');
  const lock = JSON.parse(await readFile(lockFile, 'utf8'));
  return { output, text: `${run.stdout}${run.stderr}`.replaceAll(/\s+/g, ' '), lock };
}

test('build says which clients of the image see the CA, and what the others need', async () => {
  const { text, lock } = await build(await layoutOf('Alpine', programs));
  expect(text).toContain('Clients of the image that read the bundle: Terraform (Go) and OpenSSL');
  expect(text).toContain(
    `AWS_CA_BUNDLE=${BUNDLE} (AWS CLI and boto3 (botocore)), NODE_EXTRA_CA_CERTS=${BUNDLE} (Node)`,
  );
  expect(text).toContain('Warning: Java in the image does not read the bundle: it reads a key store of its own.');
  expect(lock.mountPaths).toBeUndefined();
  expect(lock.clients).toContainEqual({
    client: 'openssl',
    reads: ['/etc/ssl/cert.pem'],
    sees: 'yes',
    basis: 'measured',
    source: '/usr/lib/libcrypto.so.3',
  });
});

test('every mount that a client needs is in the lock file and in what is rendered', async () => {
  const mounts = ['/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem', '/etc/pki/tls/cert.pem'];
  const { output, text, lock } = await build(await layoutOf('Fedora 44', []));
  expect(lock.mountPaths).toEqual(mounts);
  expect(text).toContain(`The bundle is mounted over ${mounts[0]}, and over ${mounts[1]} for OpenSSL`);
  const rendered = await spacectl(['render', 'systemd', '--dir', output]);
  expect(rendered.exitCode).toBe(0);
  const settings = await readFile(path.join(output, 'systemd/launcher.env'), 'utf8');
  for (const each of mounts) expect(settings).toContain(`custom-ca-bundle.crt:${each}`);
  const checked = await spacectl(['ca-bundle', 'check', '--dir', output, '--update', '--json']);
  expect(JSON.parse(String(checked.stdout)).facts.caBundleCheck).toMatchObject({ fresh: true });
});

test('a variable that a client needs is told, and never set on the host, whose launcher and scripts would read it', async () => {
  const { output, text } = await build(await layoutOf('Alpine', programs));
  const variable =
    /\b(?:SSL_CERT_(?:FILE|DIR)|CURL_CA_BUNDLE|GIT_SSL_CAINFO|\w+_CA_BUNDLE|PIP_CERT|NODE_EXTRA_CA_CERTS)\b/;
  expect(text).toMatch(variable);
  for (const target of ['systemd', 'docker', 'ansible']) {
    const rendered = await spacectl(['render', target, '--dir', output]);
    expect(rendered.exitCode, target).toBe(0);
  }
  const names = await readdir(output, { recursive: true, withFileTypes: true });
  const files = names.filter((each) => each.isFile() && !each.name.includes('custom-ca-bundle'));
  expect(files.map(({ name }) => name)).toContain('launcher.env');
  for (const { parentPath, name } of files) {
    expect(await readFile(path.join(parentPath, name), 'utf8'), name).not.toMatch(variable);
  }
});

test('a bundle that a variable of the image names is the one that is extended', async () => {
  const { lock } = await build(await layoutOf('nixos/nix', []));
  expect(lock.mountPath).toBe('/nix/var/nix/profiles/default/etc/ssl/certs/ca-bundle.crt');
  expect(JSON.stringify(lock)).not.toContain('"sees":"no"');
});

test.each<[string, number, readonly string[]]>([
  ['the layers below are too large', 2e5, []],
  ['layers are read fast', 1, ['--verify', 'fast']],
])('what was not read is said not to be examined: %s', async (_case, size, flags) => {
  const image = await layoutOf('Alpine', [...programs, file('usr/share/other', randomBytes(size))]);
  // As people pass it: the lock file has it relative to itself.
  const { text } = await build(path.relative('', image), ...flags);
  const clients =
    'curl, git, GnuTLS, Python, Python requests (certifi), pip, AWS CLI and boto3 (botocore), Node and Java';
  expect(text).toContain(
    `Not examined: ${clients}. spacectl ca-bundle inspect ${path.relative('', image)} reads all layers`,
  );
  expect(text).not.toContain('AWS_CA_BUNDLE');
});

test('inspect reads all layers of an image, and shows its clients', async () => {
  const image = await layoutOf('Debian 11', [...programs, file('usr/share/other', randomBytes(2e5))]);
  const table = String((await spacectl(['ca-bundle', 'inspect', image])).stdout);
  expect(table).toMatch(/^CLIENT +SEES THE BUNDLE +READS +HOW KNOWN\n/);
  expect(table).toMatch(
    /^git +yes +\/etc\/ssl\/certs +measured: \/usr\/lib\/x86_64-linux-gnu\/libcurl-gnutls\.so\.4\.8\.0$/m,
  );
  expect(table).toMatch(/^Node +with NODE_EXTRA_CA_CERTS +documented: nodejs\.org/m);
  expect(table).toMatch(/^Java +no +/m);
  const { stdout } = await spacectl(['ca-bundle', 'inspect', image, '--json']);
  expect(JSON.parse(String(stdout))).toMatchObject({
    bundle: BUNDLE,
    mountPaths: [BUNDLE, '/usr/lib/ssl/cert.pem'],
    isComplete: true,
  });
});

test('inspect shows an image without a bundle', async () => {
  const { stdout, exitCode } = await spacectl(['ca-bundle', 'inspect', await layoutOf('none', programs)]);
  expect({ exitCode, text: String(stdout) }).toMatchObject({
    exitCode: 0,
    text: expect.stringContaining('has no bundle'),
  });
  expect(String(stdout)).not.toContain('is mounted over');
});
