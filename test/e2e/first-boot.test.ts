import { readFile, rm, writeFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { holdAptLock, setUpFirstBoot } from '../services/first-boot.ts';
import { type BootedHost, HOST_NEEDS, type HostOptions } from '../services/host.ts';
import { testWith } from '../services/programs.ts';
import { environmentOf, reportOf } from '../services/worker.ts';

type Case = Required<Pick<HostOptions, 'suite' | 'kind'>>;

const CASES: readonly Case[] = [
  { suite: 'bookworm', kind: 'bare' },
  { suite: 'trixie', kind: 'ready' },
  { suite: 'trixie', kind: 'bare' },
  // test/e2e/worker-host.test.ts boots bookworm with Docker in every run; sid may be broken on any day.
  ...(process.env['TEST_WHOLE']
    ? ([
        { suite: 'bookworm', kind: 'ready' },
        { suite: 'sid', kind: 'ready' },
        { suite: 'sid', kind: 'bare' },
      ] as const)
    : []),
];

/** Variables that mean nothing to a launcher, but would end a shell that takes them over. */
const HARMFUL = { PATH: '/nowhere', UID: '7', attempts: '0', ID: 'none', IFS: '/' };
const flags = Object.entries(HARMFUL).flatMap(([name, value]) => ['--env', `${name}=${value}`]);

const outputOf = async (booted: BootedHost) => (await booted.run('cat', '/var/log/cloud-init-output.log')).all;
const statusOf = async (booted: BootedHost) => (await booted.run('cloud-init', 'status', '--wait')).stdout;

/** What makes a host a worker, on every distribution. */
async function expectWorker(root: string, booted: BootedHost): Promise<void> {
  const status = await statusOf(booted);
  if (!status.includes('status: done')) throw new Error(`${status}\n${(await outputOf(booted)).slice(-3000)}`);
  expect(await reportOf(root, booted, '1')).toMatchObject({ docker: 'yes', worker: 'yes', CapEff: '0000000000000000' });
  expect(await environmentOf(root)).toMatchObject(HARMFUL);
  const check = await booted.run('spacelift-worker-check', '--wait', '60');
  expect({ exitCode: check.exitCode, report: JSON.parse(check.stdout) }).toMatchObject({
    exitCode: 0,
    report: { worker: true, service: 'active', connected: true, comms: 'app.spacelift.io:443', faults: [] },
  });
  expect((await booted.run('docker', 'version')).exitCode).toBe(0);
  // At most 2.0, by the systemd of the host itself.
  const exposure = ['security', '--threshold=20', '--no-pager', 'spacelift-launcher.service'];
  expect(await booted.run('systemd-analyze', ...exposure)).toMatchObject({ exitCode: 0 });
}

async function becomesWorker(options: Case): Promise<void> {
  const { host, at } = await setUpFirstBoot(options, flags);
  // As Debian's daily update does.
  if (options.kind === 'bare') await holdAptLock(host.root);
  const first = await host.boot();
  await expectWorker(host.root, first);
  expect(await outputOf(first)).not.toContain('Could not get lock');
  const output = await readFile(at('var/log/cloud-init-output.log'), 'utf8');
  await first.powerOff();
  await rm(at('opt/spacelift/report'));
  const second = await host.boot();
  await expectWorker(host.root, second);
  expect((await outputOf(second)).slice(output.length)).not.toContain('install:');
}

/** Its only package source is empty. A group would replace it. */
async function endsInError(): Promise<void> {
  const { host, at } = await setUpFirstBoot({ suite: 'trixie', kind: 'bare' }, ['--on-failure', 'poweroff']);
  await writeFile(at('srv/packages/Packages'), '');
  const booted = await host.boot();
  expect(await statusOf(booted)).toContain('status: error');
  expect(await outputOf(booted)).toContain('first-boot: failed 5 times: apt_install curl gnupg jq docker.io');
  expect((await booted.run('systemctl', 'cat', 'spacelift-launcher')).exitCode).not.toBe(0);
  const timers = await booted.run('systemctl', 'show', 'run-*.timer', '--property=Description');
  expect(timers.stdout).toContain('systemctl poweroff');
}

testWith(...HOST_NEEDS, 'gcc', 'gpg')(
  'a first boot makes a worker of each Debian, with Docker and without, or ends in an error; a reboot starts it again',
  { timeout: 600_000 },
  async () => {
    // At the same time: most of it is waiting.
    const settled = await Promise.allSettled([...CASES.map(becomesWorker), endsInError()]);
    const failures = settled.flatMap((each, index) =>
      each.status === 'rejected' ? [{ ...CASES[index], reason: String(each.reason) }] : [],
    );
    expect(failures).toEqual([]);
  },
);
