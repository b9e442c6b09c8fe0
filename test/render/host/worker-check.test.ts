import { appendFile, mkdir, rm, writeFile } from 'node:fs/promises';
import { expect } from 'vitest';
import { BUNDLE_PATH, type CheckedWorker, startCheckedWorker } from '../../services/checked-worker.ts';
import { ROOT, testWith } from '../../services/programs.ts';
import { AWKWARD } from '../../services/worker.ts';

const test = testWith(ROOT, 'ss');
const MQTT = { SPACELIFT_WORKER_COMMS_PROTOCOL: 'mqtt' };
const disk = (percent: number) => `printf 'F 1K U A C M\\n/dev/a 9 9 9 ${percent}%% /opt\\n/dev/b 9 9 9 5%% /tmp\\n'`;

/** A line of `ss -Htnpoe`, as iproute2 6.1 prints it. */
const socket = (peer: string, { pid = 'PID', timer = '' } = {}) =>
  `0      0      10.0.0.1:55106 ${peer} users:(("launcher",pid=${pid},fd=4)) ${timer} ino:1494191 sk:12ec cgroup:/ <->`;

const WORKERS: readonly (readonly [string, CheckedWorker])[] = [
  ['a healthy one', {}],
  ['restarted often, but not lately', { service: { NRestarts: '50' }, uptime: 3600 }],
  ['values that a shell may mangle', { settings: AWKWARD }],
  ['settings written by hand', { lines: " A = 'b c'\nB=x\\ y\n; no\n", running: { A: 'b c', B: 'x y' } }],
  ['a value of several lines', { lines: 'A="b\nc"\n', running: { A: 'b\nc' } }],
  ['a drop-in that sets a variable again', { settings: { A: '1' }, dropIn: 'A=2\n', running: { A: '2' } }],
  ['a server by its name', { url: 'https://localhost:PORT' }],
  ['a server of IPv6', { server: '::1', url: 'https://[::1]:PORT/' }],
  ['a proxy', { url: 'https://no.invalid', settings: { HTTPS_PROXY: 'http://user:p%40ss@127.0.0.1:PORT' } }],
  ['a proxy with a slash', { url: 'https://no.invalid', settings: { ALL_PROXY: 'socks5h://127.0.0.1:PORT/' } }],
  ['a broker with any port', { settings: MQTT, broker: '127.0.0.1' }],
  ['a broker with its port', { settings: MQTT, broker: 'tls://127.0.0.1:PORT' }],
  [
    'no protocol, which means a broker',
    { settings: { SPACELIFT_WORKER_COMMS_PROTOCOL: '' }, broker: '127.0.0.1:PORT' },
  ],
  ['an address of IPv4 in one of IPv6', { sockets: socket('[::ffff:127.0.0.1]:PORT') }],
  ['an address that the name no longer has', { sockets: socket('192.0.2.7:443'), uptime: 4000 }],
  ['a packet that is sent again', { sockets: socket('127.0.0.1:PORT', { timer: 'timer:(on,204ms,1)' }) }],
  ['no program for the engine', { programs: { docker: 'exit 127' } }],
  ['an image without sha256sum', { programs: { docker: 'case $1 in run) exit 127 ;; esac' } }],
  ['an image that is not here', { programs: { docker: 'case $1 in image) exit 1 ;; run) exit 125 ;; esac' } }],
  ['secrets as credentials', { conditions: { credentials: true } }],
  ['no bundle', { conditions: { bundle: false }, bundle: 'missing' }],
  ['damaged results of updates', { updates: { 'launcher-update': 'x y z\n', 'bundle-update': '' } }],
];

test.each(WORKERS)('a host is a worker: %s', async (_title, world) => {
  const worker = await startCheckedWorker(world);
  const settings = { ...world.running };
  const { exitCode, report, stderr } = await worker.run();
  expect({ exitCode, stderr, faults: report.faults }, JSON.stringify(settings)).toEqual({
    exitCode: 0,
    stderr: '',
    faults: [],
  });
  expect(report).toMatchObject({ worker: true, connected: true, service: 'active', pid: worker.child.pid });
});

const OTHERS: readonly (readonly [string, string, CheckedWorker])[] = [
  ['service-missing', 'there is no unit', { service: { LoadState: 'not-found', ActiveState: 'inactive' } }],
  ['service-missing', 'a masked unit', { service: { LoadState: 'masked', ActiveState: 'inactive' } }],
  ['service-missing', 'a unit that cannot be read', { service: { LoadState: 'bad-setting', ActiveState: 'active' } }],
  ['service-not-active', 'stopped', { service: { ActiveState: 'inactive', SubState: 'dead' } }],
  ['service-not-active', 'failed', { service: { ActiveState: 'failed' } }],
  [
    'service-not-active',
    'before its start',
    { service: { ActiveState: 'activating', SubState: 'start-pre', Job: '7' } },
  ],
  ['service-not-active', 'about to be restarted', { service: { Job: '12' } }],
  ['secrets-missing', 'no secrets', { service: { ActiveState: 'inactive', SubState: 'dead', ConditionResult: 'no' } }],
  ['service-restarting', 'between restarts', { service: { ActiveState: 'activating', SubState: 'auto-restart' } }],
  ['service-restarting', 'restarted just now', { service: { NRestarts: '3' }, uptime: 5 }],
  ['service-restarting', 'a process that is gone', { service: { MainPID: '4999999' } }],
  ['token-of-another-pool', 'another token', { running: { SPACELIFT_TOKEN: 'b3RoZXI=' } }],
  ['token-of-another-pool', 'no token', { running: { SPACELIFT_TOKEN: undefined } }],
  [
    'token-of-another-pool',
    'another token as a credential',
    { running: { SPACELIFT_TOKEN: 'eA==' }, conditions: { credentials: true } },
  ],
  ['environment-differs', 'another key', { running: { SPACELIFT_POOL_PRIVATE_KEY: 'b3RoZXI=' } }],
  ['environment-differs', 'a mount less', { running: { SPACELIFT_WORKER_EXTRA_MOUNTS: '/a:/b' } }],
  ['environment-differs', 'a new setting', { lines: 'SPACELIFT_DEBUG=true\n' }],
  ['not-connected', 'offline', { connection: 'none' }],
  [
    'not-connected',
    'a connection that is refused each time',
    { connection: 'comes and goes', programs: { sleep: 'exec /bin/sleep 0.2' } },
  ],
  ['not-connected', 'connected to another server', { url: 'https://127.0.0.2:PORT' }],
  ['not-connected', 'connected to another port', { url: 'https://127.0.0.1' }],
  ['not-connected', 'a server without an address', { url: 'https://no.invalid:PORT', uptime: 4000 }],
  ['not-connected', 'an address that the name does not have', { sockets: socket('192.0.2.7:443') }],
  ['not-connected', 'an old connection elsewhere', { sockets: socket('192.0.2.7:22'), uptime: 4000 }],
  ['not-connected', 'no acknowledgements', { sockets: socket('127.0.0.1:PORT', { timer: 'timer:(on,6.8sec,5)' }) }],
  ['not-connected', "another program's connection", { sockets: socket('127.0.0.1:PORT', { pid: '4999999' }) }],
  ['not-connected', 'another broker', { settings: MQTT, broker: '127.0.0.1:1984' }],
  ['engine-not-answering', 'an engine that is down', { programs: { docker: 'exit 1' } }],
  ['bundle-not-seen', 'no bundle', { bundle: 'missing' }],
  ['bundle-not-seen', 'an empty bundle', { bundle: '' }],
  [
    'bundle-not-seen',
    'another bundle in the container',
    { programs: { docker: `case $1 in run) echo 'aaaa  ${BUNDLE_PATH}' ;; esac` } },
  ],
  ['bundle-not-seen', 'a container that does not start', { programs: { docker: 'case $1 in run) exit 125 ;; esac' } }],
  ['disk-full', 'a full disk', { programs: { df: disk(98) } }],
];

test.each(OTHERS)('a host is no worker, %s: %s', async (id, _title, world) => {
  const { run } = await startCheckedWorker(world);
  const { exitCode, report, faults, stdout, stderr } = await run();
  expect({ exitCode, faults, worker: report.worker }, stderr).toEqual({ exitCode: 10, faults: [id], worker: false });
  expect(stderr).toBe(report.faults.map(({ text }) => `spacelift-worker-check: ${text}`).join('\n'));
  expect(`${stdout}${stderr}`).not.toMatch(/hush|b3RoZXI|c2VjcmV0/);
});

test('a bundle that Docker has replaced with a directory is a fault', async () => {
  const { run, at } = await startCheckedWorker();
  await rm(at('bundle.crt'));
  await mkdir(at('bundle.crt'));
  expect(await run()).toMatchObject({ exitCode: 10, faults: ['bundle-not-seen'], report: { bundle_seen: false } });
});

test('an update that failed, or a disk that fills up, is a warning, and the host is still a worker', async () => {
  const updates = { 'launcher-update': '1796032800 kept\n', 'bundle-update': '1796032801 built\n' };
  const { run } = await startCheckedWorker({ updates, programs: { df: disk(92) } });
  expect(await run()).toMatchObject({
    exitCode: 0,
    warnings: ['launcher-update-failed', 'disk-low'],
    report: {
      worker: true,
      launcher_update: { time: '2026-11-30T10:00:00Z', result: 'kept' },
      bundle_update: { time: '2026-11-30T10:00:01Z', result: 'built' },
      disk_free_percent: 8,
    },
  });
});

test.each([['dash'], ['bash', '--posix'], ['busybox', 'sh']])('the check says the same in %s %s', async (...shell) => {
  const { run, at } = await startCheckedWorker({
    settings: AWKWARD,
    updates: { 'launcher-update': '1796032800 current' },
  });
  expect(await run([], shell)).toMatchObject({ exitCode: 0, faults: [] });
  await appendFile(at('launcher.env'), 'NEW="a \\" b"\n');
  expect(await run([], shell)).toMatchObject({ exitCode: 10, faults: ['environment-differs'] });
});

test('with --wait, the check looks until the host is a worker, and gives up once waiting does not help', async () => {
  const third = 's/^ActiveState=.*/ActiveState=$([ $look -lt 3 ] && echo activating || echo active)/';
  const starting = await startCheckedWorker({ changes: third });
  expect(await starting.run(['--wait', '60'])).toMatchObject({ exitCode: 0, faults: [], stderr: '' });
  const hopeless: readonly CheckedWorker[] = [
    { connection: 'none', uptime: 130 },
    { service: { LoadState: 'not-found' } },
    { service: { ActiveState: 'inactive', ConditionResult: 'no' } },
    // One more restart at each look.
    { service: { ActiveState: 'activating', SubState: 'auto-restart' }, changes: 's/^NRestarts=.*/NRestarts=$look/' },
  ];
  for (const world of hopeless) {
    const { run } = await startCheckedWorker(world);
    const started = Date.now();
    expect(await run(['--wait', '3600'])).toMatchObject({ exitCode: 10 });
    expect(Date.now() - started).toBeLessThan(20_000);
  }
});

test('what the check cannot tell is neither yes nor no', async () => {
  const cannot = { exitCode: 1, faults: ['unknown'], report: { worker: null, connected: null } };
  const { run } = await startCheckedWorker();
  expect(await run(['--wait', 'long'])).toMatchObject(cannot);
  expect(await run(['--help'])).toMatchObject(cannot);
  expect(await (await startCheckedWorker({ programs: { systemctl: 'exit 1' } })).run()).toMatchObject(cannot);
  expect(await (await startCheckedWorker({ programs: { id: 'echo 1000' } })).run()).toMatchObject(cannot);
  const { run: withoutSs, at } = await startCheckedWorker();
  await writeFile(at('none'), '');
  expect(
    await withoutSs(
      [],
      ['dash'],
      [
        'unshare',
        '--mount',
        'sh',
        '-c',
        `mount --bind ${at('none')} "$(readlink -f "$(command -v ss)")" && exec "$@"`,
        'sh',
      ],
    ),
  ).toMatchObject(cannot);
});
