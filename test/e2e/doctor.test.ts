import { symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { createAuthority } from '../services/authority.ts';
import { startHttpServer } from '../services/http-server.ts';
import { PROGRAM, spacectl } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';

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

test('what is wrong comes with its evidence and the way out, exit 10, in words and as one document', async () => {
  const json = await examine('--skip', 'egress', '--skip', 'clock', '--skip', 'signing-key', '--json');
  expect(json.exitCode).toBe(10);
  const { isHealthy, checks } = JSON.parse(json.out) as {
    isHealthy: boolean;
    checks: { id: string; findings: Finding[] }[];
  };
  expect(isHealthy).toBe(false);
  expect(checks.map(({ id }) => id)).toEqual([
    'memory',
    'processors',
    'disk',
    'systemd',
    'namesake',
    'engine-socket',
    'engine',
    'secrets',
  ]);
  const socket = checks.find(({ id }) => id === 'engine-socket')?.findings[0];
  expect(socket).toMatchObject({ status: 'bad', evidence: expect.stringContaining('nowhere is not there') });
  expect(socket?.fix).toContain('systemctl enable --now docker');
  const words = await examine('--skip', 'egress', '--skip', 'clock', '--skip', 'signing-key');
  expect(words.exitCode).toBe(10);
  expect(words.out).toContain('failed  Engine socket');
});

test('a server of an unknown authority is bad, and good with the authority; the issuer is shown', async () => {
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
  expect(run.stderr).toContain('there is no check "engin"');
});

test("it tells this program and the vendor's of the same name apart, and which one a shell starts", async () => {
  const [vendors, ours] = [await temporaryFolder(), await temporaryFolder()];
  await writeFile(path.join(vendors, 'spacectl'), '#!/bin/sh\n', { mode: 0o755 });
  await symlink(PROGRAM, path.join(ours, 'spacectl'));
  const namesake = async (...folders: readonly string[]) => {
    const PATH = [...folders, '/usr/bin', '/bin'].join(':');
    const { stdout } = await spacectl(['doctor', '--pre', '--skip', 'egress', '--json'], { cwd: ours, env: { PATH } });
    const checks = JSON.parse(String(stdout)).checks as { id: string; findings: Finding[] }[];
    return checks.find(({ id }) => id === 'namesake')?.findings[0];
  };
  const both = new RegExp(`${vendors}/spacectl \\(the vendor's CLI\\).*${ours}/spacectl \\(this program\\)`);
  expect(await namesake(vendors, ours)).toMatchObject({ status: 'warning', evidence: expect.stringMatching(both) });
  expect(await namesake(ours, vendors)).toMatchObject({ status: 'good' });
});
