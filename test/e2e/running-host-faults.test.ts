import { expect } from 'vitest';
import { HOST_NEEDS } from '../services/host.ts';
import { buildLauncher, IMPORT_RUNNER, on, setUpHost } from '../services/installed-host.ts';
import { testWith } from '../services/programs.ts';
import { sliceOf } from '../services/slice.ts';

interface Fault {
  readonly title: string;
  /** Shell commands on the host. */
  readonly cause: string;
  /** What the check says; nothing if the host stays a worker, or becomes one again by itself. */
  readonly faults?: readonly string[];
  readonly warnings?: readonly string[];
  readonly cure?: string;
}

const ENV = '/etc/spacelift/launcher.env';
const SECRETS = '/etc/spacelift/secrets.env';
const BUNDLE = '/etc/spacelift/custom-ca-bundle.crt';
const UNIT = '/etc/systemd/system/spacelift-launcher.service';
const DROP_IN = '/run/systemd/system/spacelift-launcher.service.d/fault.conf';
const RESTART =
  'systemctl daemon-reload; systemctl reset-failed spacelift-launcher; systemctl restart spacelift-launcher';
const keep = (file: string) => `cp -p ${file} /root/kept`;
const putBack = (file: string) => `rm -rf ${file}; cp -p /root/kept ${file}`;
/** Names that lead to an address where no server is. */
const moved = (name: string) =>
  `cp /etc/hosts /root/hosts; sed 's/ ${name}//' /root/hosts >/etc/hosts; echo '127.0.0.3 ${name}' >>/etc/hosts`;
const MOVED_BACK = 'cat /root/hosts >/etc/hosts';
const dropIn = (line: string) =>
  `mkdir -p ${DROP_IN.replace(/\/[^/]*$/, '')}; printf '[Service]\\n${line}\\n' >${DROP_IN}; ${RESTART}`;
const NO_DROP_IN = `rm ${DROP_IN}; ${RESTART}`;
const full = (options: string) =>
  `mount -t tmpfs -o ${options} tmpfs /tmp; i=0; while [ $i -lt 40 ] && head -c 10000 /dev/zero >/tmp/$i; do i=$((i + 1)); done`;

const FAULTS: readonly Fault[] = [
  { title: 'stopped', cause: 'systemctl stop spacelift-launcher', faults: ['service-not-active'], cure: RESTART },
  { title: 'killed once', cause: 'systemctl kill --signal=KILL spacelift-launcher' },
  {
    title: 'a launcher that exits each time',
    cause: `${dropIn('Environment=FAIL=1')}; sleep 3`,
    faults: ['service-restarting'],
    cure: NO_DROP_IN,
  },
  {
    title: 'a program that cannot be executed',
    cause: `${dropIn('ExecStart=\\nExecStart=/nowhere')}; sleep 3`,
    faults: ['service-restarting'],
    cure: NO_DROP_IN,
  },
  {
    title: 'masked',
    cause: `${keep(UNIT)}; systemctl stop spacelift-launcher; ln -sf /dev/null ${UNIT}; systemctl daemon-reload`,
    faults: ['service-missing'],
    cure: `${putBack(UNIT)}; ${RESTART}`,
  },
  {
    title: 'a unit that was removed',
    cause: `${keep(UNIT)}; systemctl stop spacelift-launcher; rm ${UNIT}; systemctl daemon-reload`,
    faults: ['service-missing'],
    cure: `${putBack(UNIT)}; ${RESTART}`,
  },
  {
    title: 'a unit that is damaged',
    cause: `${keep(UNIT)}; systemctl stop spacelift-launcher; sed -i 's/^ExecStart=/Exec/' ${UNIT}; systemctl daemon-reload`,
    faults: ['service-missing'],
    cure: `${putBack(UNIT)}; ${RESTART}`,
  },
  {
    title: 'frozen',
    cause: 'systemctl kill --signal=STOP spacelift-launcher',
    faults: ['service-not-active'],
    cure: 'systemctl kill --signal=CONT spacelift-launcher',
  },
  {
    title: 'no secrets',
    cause: `${keep(SECRETS)}; rm ${SECRETS}; ${RESTART}`,
    faults: ['secrets-missing'],
    cure: `${putBack(SECRETS)}; ${RESTART}`,
  },
  {
    title: 'the secrets of another pool',
    cause: `${keep(SECRETS)}; sed -i 's/^SPACELIFT_TOKEN=/&b3Ro/' ${SECRETS}`,
    faults: ['token-of-another-pool'],
    cure: putBack(SECRETS),
  },
  {
    title: 'settings that changed without a restart',
    cause: `${keep(ENV)}; echo SPACELIFT_DEBUG=true >>${ENV}`,
    faults: ['environment-differs'],
    cure: putBack(ENV),
  },
  {
    title: 'mounts of a drop-in that is gone',
    cause: `${dropIn('EnvironmentFile=/run/more.env')}; echo SPACELIFT_WORKER_EXTRA_MOUNTS=/a:/b >/run/more.env; ${RESTART}; rm ${DROP_IN}; systemctl daemon-reload`,
    faults: ['environment-differs'],
    cure: RESTART,
  },
  {
    title: 'up, but offline',
    cause: 'touch /opt/spacelift/offline; sleep 2',
    faults: ['not-connected'],
    cure: 'rm /opt/spacelift/offline',
  },
  {
    title: 'a name that leads nowhere',
    cause: `cp /etc/hosts /root/hosts; sed 's/ app.spacelift.io//' /root/hosts >/etc/hosts; ${RESTART}`,
    faults: ['not-connected'],
    cure: MOVED_BACK,
  },
  {
    title: 'a server that refuses connections',
    cause: `${moved('app.spacelift.io')}; ${RESTART}`,
    faults: ['not-connected'],
    cure: MOVED_BACK,
  },
  {
    title: "another program's connection",
    cause: `touch /opt/spacelift/offline; systemd-run --quiet --unit=other bash -c 'exec 3<>/dev/tcp/127.0.0.1/443; exec sleep 60'; sleep 2`,
    faults: ['not-connected'],
    cure: 'systemctl stop other; rm /opt/spacelift/offline',
  },
  {
    title: 'another server',
    cause: `${keep(ENV)}; sed -i 's#app.spacelift.io#localhost:1#' ${ENV}; ${RESTART}`,
    faults: ['not-connected'],
    cure: `${putBack(ENV)}; ${RESTART}`,
  },
  {
    title: 'Docker is stopped',
    cause: 'systemctl stop docker.socket docker.service',
    faults: ['engine-not-answering'],
    cure: `systemctl start docker; ${RESTART}`,
  },
  { title: 'Docker is killed', cause: 'systemctl kill --signal=KILL docker; sleep 3' },
  {
    title: "no access to Docker's socket",
    cause: 'chown root:root /run/docker.sock',
    faults: ['engine-not-answering'],
    cure: 'chown root:docker /run/docker.sock',
  },
  { title: 'no bundle', cause: `${keep(BUNDLE)}; rm ${BUNDLE}`, faults: ['bundle-not-seen'], cure: putBack(BUNDLE) },
  {
    title: 'a directory in place of the bundle',
    cause: `${keep(BUNDLE)}; rm ${BUNDLE}; mkdir ${BUNDLE}`,
    faults: ['bundle-not-seen'],
    cure: putBack(BUNDLE),
  },
  {
    title: 'an empty bundle',
    cause: `${keep(BUNDLE)}; : >${BUNDLE}`,
    faults: ['bundle-not-seen'],
    cure: putBack(BUNDLE),
  },
  {
    title: 'no runner image',
    cause: 'docker tag runner:test kept:test; docker rmi runner:test',
    cure: 'docker tag kept:test runner:test',
  },
  { title: 'a full disk', cause: full('size=100k'), faults: ['disk-full'], cure: 'umount /tmp' },
  { title: 'no inodes', cause: full('size=10m,nr_inodes=20'), faults: ['disk-full'], cure: 'umount /tmp' },
  {
    title: 'no updates',
    cause: `${moved('downloads.spacelift.io')}; ${RESTART}; sleep 2`,
    warnings: ['launcher-update-failed'],
    cure: `${MOVED_BACK}; ${RESTART}`,
  },
  { title: 'a launcher that was replaced', cause: `echo '<html>' >/usr/local/bin/spacelift-launcher; ${RESTART}` },
];

testWith(...HOST_NEEDS, 'gpg', 'gcc')(
  'whatever goes wrong on a running host, the check says what it is, and says nothing once it is put right',
  { timeout: 1_800_000 },
  async () => {
    const { host, publish } = await setUpHost();
    await publish(await buildLauncher('one'));
    const booted = await host.boot();
    const run = async (script: string) => {
      const ran = await booted.run('sh', '-c', script);
      expect({ script, ...ran }).toMatchObject({ exitCode: 0 });
    };
    await run(IMPORT_RUNNER);
    const settings = ['--env', 'SPACELIFT_DEFAULT_RUNNER_IMAGE=runner:test', '--env', 'SPACELIFT_WORKER_NETWORK=host'];
    const installed = await on(booted)('host', 'install', '--dir', '/root/pool', ...settings);
    expect(installed.exitCode, installed.all).toBe(0);
    const check = async (...args: readonly string[]) => {
      const { exitCode, stdout } = await booted.run('spacelift-worker-check', ...args);
      const { worker, bundle_seen, faults, warnings } = JSON.parse(stdout);
      const ids = (findings: readonly { id: string }[]) => findings.map(({ id }) => id);
      return {
        exitCode,
        worker,
        bundle_seen,
        faults: ids(faults),
        warnings: ids(warnings).filter((id) => id !== 'disk-low'),
      };
    };
    const healthy = { exitCode: 0, worker: true, bundle_seen: true, faults: [], warnings: [] };
    const wrong: unknown[] = [];
    for (const { title, cause, faults = [], warnings = [], cure } of sliceOf(FAULTS, 7)) {
      await booted.run('sh', '-c', cause);
      const seen = await check(...(faults.length > 0 ? [] : ['--wait', '90']));
      const isBad = faults.length > 0;
      const expected = { exitCode: isBad ? 10 : 0, worker: !isBad, faults, warnings };
      if (JSON.stringify({ ...seen, bundle_seen: undefined }) !== JSON.stringify({ ...expected }))
        wrong.push({ title, seen, expected });
      const cured = cure === undefined ? undefined : (await booted.run('sh', '-c', cure)).all;
      const after = await check('--wait', '90');
      if (JSON.stringify(after) !== JSON.stringify(healthy)) wrong.push({ title, cured, after });
    }
    expect(wrong).toEqual([]);
  },
);
