import { mkdir, stat, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { CHECKS } from '../../src/host/doctor/checks/all-checks.ts';
import { ENDPOINTS } from '../../src/host/doctor/endpoints.ts';
import { createAuthority } from '../services/authority.ts';
import { createKeyring } from '../services/download-host.ts';
import { startHttpServer } from '../services/http-server.ts';
import { putKeyPair } from '../services/key-pair.ts';
import { createNetwork, NETWORK_NEEDS, type Network } from '../services/network.ts';
import { PROGRAM, spacectl } from '../services/program.ts';
import { NAMESPACES, testWith } from '../services/programs.ts';
import { startSpacelift } from '../services/spacelift.ts';
import { binaryIn, oursIn, pathOf, scriptIn } from '../services/spacelift-cli.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { makeToken } from '../services/token.ts';

interface Finding {
  readonly status: string;
  readonly about?: string;
  readonly evidence: string;
  readonly fix?: string;
}

/** Runs the doctor before an installation, on a machine whose engine is nowhere. */
async function examine(...args: readonly string[]) {
  const dir = await temporaryFolder();
  const env = { DOCKER_HOST: `unix://${path.join(dir, 'nowhere')}`, XDG_CACHE_HOME: dir };
  const run = await spacectl(['doctor', '--pre', '--dir', dir, ...args], { env });
  return { ...run, out: String(run.stdout) };
}

test('doctor ends with 10 and tells what is wrong, how it shows and what to do, in words and as one JSON document', async () => {
  const json = await examine('--skip', 'egress', '--skip', 'clock', '--skip', 'signing-key', '--json');
  expect(json.exitCode).toBe(10);
  const { isHealthy, checks } = JSON.parse(json.out) as {
    isHealthy: boolean;
    checks: { id: string; findings: Finding[] }[];
  };
  expect(isHealthy).toBe(false);
  const always = CHECKS.filter(({ stage }) => stage === 'always').map(({ id }) => id);
  expect(checks.map(({ id }) => id)).toEqual(always.filter((id) => !['egress', 'clock', 'signing-key'].includes(id)));
  // A full file system is one problem, however many directories are on it.
  const disks = checks.find(({ id }) => id === 'disk')?.findings.flatMap(({ about = '' }) => [about.split(', ')]);
  const [root, programs] = await Promise.all(['/', '/usr/local/bin'].map((each) => stat(each)));
  const together = disks?.some((each) => each.includes('/') && each.includes('/usr/local/bin'));
  expect(together).toBe(root?.dev === programs?.dev);
  const socket = checks.find(({ id }) => id === 'engine-socket')?.findings[0];
  expect(socket).toMatchObject({ status: 'bad', fix: expect.stringMatching(/^Install it|^Start Docker/) });
  const words = await examine('--skip', 'egress', '--skip', 'clock', '--skip', 'signing-key');
  expect(words.exitCode).toBe(10);
  expect(words.out).toContain('failed  Engine socket');
});

test('a server under an unknown authority is bad and its issuer is shown; with --download-ca it is good', async () => {
  const tls = await createAuthority();
  const { host } = await startHttpServer((_, response) => response.end(), tls);
  const findings = async (...more: readonly string[]) => {
    const skipped = ['clock', 'signing-key', 'secrets', 'disk'].flatMap((id) => ['--skip', id]);
    const { out } = await examine('--endpoint', host, ...skipped, '--json', ...more);
    const egress = (JSON.parse(out).checks as { id: string; findings: Finding[] }[]).find(({ id }) => id === 'egress');
    return egress?.findings.find(({ about }) => about?.startsWith(host));
  };
  expect(await findings()).toMatchObject({ status: 'bad', fix: expect.stringContaining('--download-ca') });
  const ca = path.join(await temporaryFolder(), 'ca.pem');
  await writeFile(ca, tls.authority);
  expect(await findings('--download-ca', ca)).toMatchObject({
    status: 'good',
    evidence: expect.stringContaining('certificate by CN=Test CA'),
  });
});

test('a check that does not exist cannot be left out', async () => {
  const run = await examine('--skip', 'engin');
  expect(run.exitCode).toBe(2);
  expect(run.stderr).toContain('"engin" is not a check');
});

testWith('go')('programs called spacectl are told apart, with the one that a shell starts', async () => {
  const [theirs, script, ours] = [await binaryIn(), await scriptIn(''), await oursIn()];
  const namesake = async (...folders: readonly string[]) => {
    const args = ['doctor', '--pre', '--skip', 'egress', '--json'];
    const { stdout } = await spacectl(args, { cwd: ours, env: { PATH: pathOf(...folders) } });
    const checks = JSON.parse(String(stdout)).checks as { id: string; findings: Finding[] }[];
    return checks.find(({ id }) => id === 'namesake')?.findings[0];
  };
  const all = [
    `${theirs}/spacectl (Spacelift's CLI)`,
    `${script}/spacectl (another program)`,
    `${ours}/spacectl (this program)`,
  ];
  expect(await namesake(theirs, script, ours)).toMatchObject({
    status: 'warning',
    evidence: `${all.join(', ')}: shells start the first one`,
  });
  expect(await namesake(ours, theirs)).toMatchObject({ status: 'good' });
});

/** What a run of the doctor found, by check. */
function findingsOf(stdout: string): Record<string, readonly Finding[]> {
  const { checks } = JSON.parse(stdout) as { checks: { id: string; findings: Finding[] }[] };
  return Object.fromEntries(checks.map(({ id, findings }) => [id, findings]));
}

/** A pool's folder in which token and key are not of one pair. */
async function mixedUpPool(): Promise<string> {
  const [dir, other] = [await temporaryFolder(), await temporaryFolder()];
  await putKeyPair(dir);
  await putKeyPair(other, 'strange');
  await writeFile(path.join(dir, 'worker-pool.config'), await makeToken({ key: path.join(other, 'spacelift.key') }));
  return dir;
}

/** A machine with one processor and little of everything, as far as the programs on it can see. */
const SMALL_MACHINE = `set -e
mount --bind "$1" /proc/meminfo
mount -t tmpfs -o size=1g tmpfs /opt
mkdir /opt/spacelift
shift
exec taskset -c "$(taskset -cp $$ | grep -o '[0-9]*$')" "$@"`;

testWith(
  NAMESPACES,
  'unshare',
  'taskset',
  'gpg',
  'openssl',
)('each check that needs no installation is seen failing, with what was seen and the way out', async () => {
  const keyring = await createKeyring();
  const fingerprint = await keyring.makeKey('expired@example.com', '1y', 'sign', [
    '--faked-system-time',
    '20200101T000000!',
  ]);
  const key = await keyring.exportKey(fingerprint);
  const late = new Date(Date.now() - 3_600_000).toUTCString();
  const server = await startHttpServer((_, response) => response.setHeader('date', late).end(key));
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  await writeFile(at('meminfo'), 'MemTotal:        1000000 kB\nMemFree:          500000 kB\n');
  // The only program on its PATH is another one of this name.
  await mkdir(at('bin'));
  await writeFile(at('bin/spacectl'), '#!/bin/sh\n', { mode: 0o755 });
  await mkdir(at('ours'));
  await symlink(PROGRAM, at('ours/spacectl'));
  const [pool, spacelift] = [await mixedUpPool(), await startSpacelift()];
  const { id, name } = spacelift.addPool();
  await writeFile(path.join(pool, 'worker-pool.json'), JSON.stringify({ endpoint: spacelift.url, name, id }));
  const given = ['--dir', pool, '--key-server', server.url, '--fingerprint', fingerprint];
  const PATH = `${at('bin')}:${at('ours')}`;
  const credentials = Object.entries(spacelift.environment).map(([variable, value]) => `${variable}=${value}`);
  const env = [`PATH=${PATH}`, `DOCKER_HOST=unix://${at('nowhere')}`, `XDG_CACHE_HOME=${folder}`, ...credentials];
  const doctor = [process.execPath, PROGRAM, 'doctor', '--pre', '--json', '--endpoint', '127.0.0.1:1', ...given];
  const inside = ['sh', '-c', SMALL_MACHINE, 'sh', at('meminfo'), 'env', '-i', ...env, ...doctor];
  const run = await execa('unshare', ['--mount', ...inside], { reject: false });
  expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 10 });
  const found = findingsOf(run.stdout);
  const seen = (status: string, evidence: string) =>
    expect.arrayContaining([
      expect.objectContaining({ status, evidence: expect.stringContaining(evidence), fix: expect.any(String) }),
    ]);
  expect(found).toMatchObject({
    memory: seen('bad', '1.0 GB, and the documented minimum is 2 GB'),
    processors: seen('warning', '1, and the documented minimum is 2'),
    disk: seen('bad', '1.0 GB free'),
    systemd: seen('bad', 'systemctl is not installed'),
    clock: seen('bad', ' s ahead of 127.0.0.1'),
    namesake: seen('warning', 'shells start the first one'),
    'engine-socket': seen('bad', 'Docker is not installed'),
    egress: seen('bad', 'Cannot reach 127.0.0.1:1: connection refused'),
    secrets: seen('bad', 'the token was made for another key'),
    'pool-token': seen('bad', "the pool's token is for another key"),
    'signing-key': seen('bad', 'expired on 2020-12-31'),
    // Said once.
    engine: [{ status: 'skipped', because: 'engine-socket' }],
  });
  // Every check is seen failing in test/host/doctor/faults.test.ts.
  const always = CHECKS.filter(({ stage }) => stage === 'always').map(({ id }) => id);
  expect(Object.keys(found).sort()).toEqual(always.sort());
});

testWith('gpg')('a key that is revoked, and one that is another than it should be, are bad', async () => {
  const keyring = await createKeyring();
  const fingerprint = await keyring.makeKey('revoked@example.com');
  await keyring.revoke(fingerprint);
  const key = await keyring.exportKey(fingerprint);
  const server = await startHttpServer((_, response) => response.end(key));
  const only = CHECKS.filter(({ id }) => id !== 'signing-key').flatMap(({ id }) => ['--skip', id]);
  const findings = async (pinned: string) =>
    findingsOf((await examine(...only, '--json', '--key-server', server.url, '--fingerprint', pinned)).out);
  expect(await findings(fingerprint)).toMatchObject({
    'signing-key': [{ status: 'bad', evidence: expect.stringContaining('revoked') }],
  });
  expect(await findings('0'.repeat(40))).toMatchObject({ 'signing-key': [{ status: 'bad' }] });
});

/** A network in which every server has an address, and whatever is sent there is lost. */
async function createSilentNetwork(names: readonly string[]): Promise<Network> {
  const network = await createNetwork(`10.9.9.2 ${names.join(' ')}\n`);
  // The far end takes what comes for nobody.
  for (const words of [
    'link add near type veth peer name far',
    'address add 10.9.9.1/24 dev near',
    'link set near up',
    'link set far up',
    'neigh add 10.9.9.2 lladdr 02:00:00:00:00:02 dev near',
  ]) {
    await network.configure(words);
  }
  return network;
}

testWith(...NETWORK_NEEDS)(
  'behind a firewall that drops, everything is tried at once, and said within the time of one test',
  async () => {
    const { enter } = await createSilentNetwork(ENDPOINTS.standard.map(({ host }) => host));
    const dir = await temporaryFolder();
    const doctor = [PROGRAM, 'doctor', '--pre', '--json', '--dir', dir];
    const env = { XDG_CACHE_HOME: dir };
    const [ip = '', ...inside] = enter;
    const run = await execa(ip, [...inside, process.execPath, ...doctor], { reject: false, env });
    expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 10 });
    const { egress = [], clock, 'signing-key': signingKey } = findingsOf(run.stdout);
    // One firewall is one problem.
    const hosts = ENDPOINTS.standard.map(({ host }) => host);
    expect(egress).toMatchObject([
      {
        status: 'bad',
        about: `${hosts.length} servers`,
        evidence: `Cannot reach ${hosts[0]}: timed out; the same for ${hosts.slice(1).join(', ')}`,
        fix: expect.stringContaining(`outbound TCP 443 to ${hosts.join(', ')}`),
      },
    ]);
    expect(clock).toMatchObject([{ status: 'skipped' }]);
    expect(signingKey).toMatchObject([{ status: 'skipped' }]);
  },
);
