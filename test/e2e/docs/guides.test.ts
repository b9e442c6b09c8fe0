import { once } from 'node:events';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { createServer } from 'node:tls';
import { execa } from 'execa';
import { expect, onTestFinished, test } from 'vitest';
import { dockerArchive } from '../../services/archive.ts';
import { startAws } from '../../services/aws/server.ts';
import { makeCertificate } from '../../services/certificate.ts';
import { startDownloadHost } from '../../services/download-host.ts';
import { blocksOfGuide, type GuideSetting, guideNames, runGuide } from '../../services/guide.ts';
import { buildImage, file, pushImage } from '../../services/image.ts';
import { putKeyPair } from '../../services/key-pair.ts';
import { launcherBytes } from '../../services/launcher-download.ts';
import { spacectl } from '../../services/program.ts';
import { testWith } from '../../services/programs.ts';
import { startRegistry } from '../../services/registry.ts';
import { type Spacelift, startSpacelift } from '../../services/spacelift.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const root = makeCertificate({ subject: { O: 'Example', CN: 'Root' } });
const image = buildImage({
  platform: { os: 'linux', architecture: 'amd64' },
  layers: [[file('etc/ssl/certs/ca-certificates.crt', root.pem)]],
});

/** A folder with a pool that exists at Spacelift, and a CA certificate. */
async function poolFolder(spacelift: Spacelift) {
  const cwd = await temporaryFolder();
  await putKeyPair(path.join(cwd, 'my-pool'));
  const env = { ...spacelift.environment, HOME: cwd };
  await spacectl(['workerpool', 'create', '--dir', 'my-pool', '--name', 'build-eu'], { cwd, env });
  const [pool] = spacelift.pools.values();
  if (!pool) throw new Error('no pool was created');
  await writeFile(path.join(cwd, 'corporate-root.pem'), await readFile('docs/example-ca.pem'));
  return { cwd, pool };
}

/** The registry of the guides, with the runner image of the guides. */
async function startRunnerRegistry() {
  const registry = await startRegistry();
  await pushImage(registry.url, 'runner', '1.4', image);
  return { 'registry.example.com': registry.host };
}

/** What stands in for a host: files are copied into a folder of its name, and commands are only looked at. */
const HOST = {
  scp: 'mkdir -p worker-1 && cp -r "$2" worker-1/',
  ssh: 'echo "$@" >>ssh.log; case $* in *install.sh) sh -n worker-1/systemd/install.sh ;; esac',
};

const GUIDES: Readonly<Record<string, () => Promise<GuideSetting>>> = {
  async 'first-worker'() {
    const spacelift = await startSpacelift();
    const cwd = await temporaryFolder();
    await writeFile(path.join(cwd, 'secret.txt'), spacelift.key.secret);
    const register = () => {
      for (const pool of spacelift.pools.values()) spacelift.addWorker(pool);
    };
    return {
      cwd,
      env: { API_KEY_ID: spacelift.key.id },
      here: { 'https://acme.app.spacelift.io': spacelift.url },
      programs: HOST,
      before: { 'workerpool watch': register },
    };
  },
  async 'private-ca'() {
    const { cwd } = await poolFolder(await startSpacelift());
    const leaf = makeCertificate({ subject: { CN: 'x' }, issuer: root, isCa: false, names: ['127.0.0.1'] });
    const key = leaf.keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
    const server = createServer({ key, cert: leaf.pem }, (socket) => socket.end());
    server.listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => void server.close());
    await writeFile(path.join(cwd, 'corporate-root.pem'), makeCertificate({ subject: { CN: 'Corporate' } }).pem);
    const { port } = server.address() as AddressInfo;
    return { cwd, here: { ...(await startRunnerRegistry()), 'gitlab.example.com:443': `127.0.0.1:${port}` } };
  },
  async 'aws-fleet'() {
    const spacelift = await startSpacelift();
    const { cwd, pool } = await poolFolder(spacelift);
    const worker = spacelift.addWorker(pool, { metadata: JSON.stringify({ instance_id: 'i-0a1b2c3d' }) });
    const account = await startAws({ groups: [{ name: 'spacelift-workers' }] });
    const aws = `[ "$*" = "autoscaling terminate-instance-in-auto-scaling-group --no-should-decrement-desired-capacity --instance-id i-0a1b2c3d" ]
exec curl -sf ${spacelift.url}/replace/${worker.id}`;
    const credentials = { AWS_ACCESS_KEY_ID: 'AKIATESTTESTTESTTEST', AWS_SECRET_ACCESS_KEY: 'secret' };
    const env = { ...spacelift.environment, ...credentials, SPACECTL_ENDPOINT_URL: account.url };
    return { cwd, env, programs: { aws: `set -e\n${aws}` } };
  },
  async 'air-gapped'() {
    const { cwd } = await poolFolder(await startSpacelift());
    const host = await startDownloadHost();
    await host.publish(launcherBytes);
    await mkdir(path.join(cwd, 'carried'));
    await writeFile(path.join(cwd, 'carried/runner.tar'), dockerArchive({ 'runner:latest': image }));
    const carry = async () => {
      for (const name of ['', '_SHA256SUMS', '_SHA256SUMS.sig'].map((end) => `spacelift-launcher-x86_64${end}`))
        await cp(path.join(cwd, name), path.join(cwd, 'carried', name));
      await cp(path.join(cwd, 'launcher-signing-key.asc'), path.join(cwd, 'carried/launcher-signing-key.asc'));
    };
    const source = { SPACECTL_LAUNCHER_MIRROR: host.url, SPACECTL_KEY_SERVER: host.url };
    return {
      cwd,
      env: { ...source, SPACECTL_FINGERPRINT: host.fingerprint, SPACECTL_ARCH: 'x86_64' },
      before: { 'launcher download --offline-dir': carry },
    };
  },
  async 'freshness-in-ci'() {
    const spacelift = await startSpacelift();
    const { cwd, pool } = await poolFolder(spacelift);
    spacelift.addWorker(pool);
    const here = await startRunnerRegistry();
    const reference = `${here['registry.example.com']}/runner:1.4`;
    const init = [
      'init',
      'my-pool',
      '--no-input',
      '--ca',
      'corporate-root.pem',
      '--image',
      reference,
      '--target',
      'systemd',
    ];
    const made = await spacectl(init, { cwd, env: { ...spacelift.environment, HOME: cwd } });
    expect({ exitCode: made.exitCode, stderr: made.stderr }).toMatchObject({ exitCode: 0 });
    await execa('git', ['init', '--quiet'], { cwd });
    // The image was released more than a year ago: its page says that this is found.
    return { cwd, env: spacelift.environment, here, exits: { 'ami check': 10 } };
  },
  async 'rotate-and-retire'() {
    const spacelift = await startSpacelift();
    const { cwd, pool } = await poolFolder(spacelift);
    spacelift.addWorker(pool, { metadata: JSON.stringify({ host: 'worker-1' }) });
    return { cwd, env: spacelift.environment };
  },
};

test('every guide is run by a test', async () => {
  expect(await guideNames()).toEqual(Object.keys(GUIDES).toSorted());
});

test('few blocks are left out, each with the reason', async () => {
  const all = (await Promise.all(Object.keys(GUIDES).map(blocksOfGuide))).flat();
  const left = all.filter(({ notRun }) => notRun !== undefined);
  expect(all.length).toBeGreaterThan(25);
  expect(left.length).toBeLessThan(all.length / 5);
});

testWith('docker-registry', 'openssl', 'gpg', 'jq', 'curl').each(Object.keys(GUIDES))(
  'the commands of the guide %s do what it says, one after the other',
  async (name) => {
    const setting = await GUIDES[name]?.();
    if (!setting) throw new Error(name);
    const ran = await runGuide(name, setting);
    expect(ran.length).toBeGreaterThan(2);
  },
  180_000,
);
