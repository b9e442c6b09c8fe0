import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdir, readFile, writeFile } from 'node:fs/promises';
import { type AddressInfo, createServer } from 'node:net';
import { uptime } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import * as v from 'valibot';
import { onTestFinished } from 'vitest';
import { quoteForShell } from '../../src/core/text.ts';
import { workerReport } from '../../src/host/worker-check.ts';
import { formatEnvironmentFile } from '../../src/render/format/environment-file.ts';
import { fillTemplate } from '../../src/render/format/template.ts';
import { temporaryFolder } from './temporary.ts';

/** The path of the bundle in containers. */
export const BUNDLE_PATH = '/etc/ssl/certs/ca-certificates.crt';

/** A host on which the check is run: a real process with real connections; what else it asks answers as it is told. */
export interface CheckedWorker {
  /** What `systemctl show` says besides what it says of a healthy service. */
  readonly service?: Readonly<Record<string, string>>;
  /** A sed script that changes what `systemctl show` says; `$look` is how often it was asked. */
  readonly changes?: string;
  /** Seconds since the launcher started. */
  readonly uptime?: number;
  /** Variables of the process that differ from the installed ones; `undefined` leaves one out. */
  readonly running?: Readonly<Record<string, string | undefined>>;
  /** More variables in launcher.env, which the process has too. */
  readonly settings?: Readonly<Record<string, string>>;
  /** Where the broker in the token is. */
  readonly broker?: string;
  /** Lines at the end of launcher.env. */
  readonly lines?: string;
  /** Another environment file, which systemd reads after that one. */
  readonly dropIn?: string;
  /** What the process does with the server that it polls. */
  readonly connection?: 'kept' | 'none' | 'comes and goes';
  readonly server?: '127.0.0.1' | '::1';
  /** The name of the server in the settings, with `PORT` for its port. */
  readonly url?: string;
  /** A line of `ss` in place of the true ones, with `PID` and `PORT`. */
  readonly sockets?: string;
  /** Programs in place of the real ones, as shell scripts. `docker` sees the bundle unless it says otherwise. */
  readonly programs?: Readonly<Record<string, string>>;
  readonly bundle?: string | 'missing';
  /** What the updaters wrote. */
  readonly updates?: Readonly<Record<string, string>>;
  readonly conditions?: Readonly<Record<string, boolean>>;
}

const PROCESS = `
const [mode, host, port] = process.argv.slice(1);
const net = require('node:net');
const connect = () => { const socket = net.connect(Number(port), host, () => { process.stdout.write('up'); mode === 'kept' || socket.destroy(); }); socket.on('close', connect); };
if (mode === 'none') { process.stdout.write('up'); setInterval(() => {}, 1000); } else connect();
`;

const tokenFor = (endpoint: string) =>
  Buffer.from(`{"id":1,\n"broker": {"port": 1, "endpoint": "${endpoint}"},"secret":"hush"}`).toString('base64');

/** Starts the host's process, and returns what runs the check. */
export async function startCheckedWorker(world: CheckedWorker = {}) {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  for (const name of ['bin', 'state']) await mkdir(at(name));
  const address = world.server ?? '127.0.0.1';
  const server = createServer((socket) => socket.on('error', () => {})).listen(0, address);
  await once(server, 'listening');
  onTestFinished(() => void server.close());
  const port = String((server.address() as AddressInfo).port);
  if (world.bundle !== 'missing')
    await writeFile(at('bundle.crt'), world.bundle ?? '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n');
  const withPort = (text: string) => text.replace('PORT', port);
  const settings: Record<string, string> = {
    SPACELIFT_WORKER_COMMS_PROTOCOL: 'poll',
    SPACELIFT_WORKER_COMMS_URL: withPort(world.url ?? 'https://127.0.0.1:PORT'),
    SPACELIFT_WORKER_EXTRA_MOUNTS: `${at('bundle.crt')}:${BUNDLE_PATH},/opt/cache:/mnt/cache`,
    ...Object.fromEntries(Object.entries(world.settings ?? {}).map(([name, value]) => [name, withPort(value)])),
  };
  const secrets = {
    SPACELIFT_TOKEN: tokenFor(withPort(world.broker ?? 'broker.invalid')),
    SPACELIFT_POOL_PRIVATE_KEY: 'c2VjcmV0',
  };
  await writeFile(at('launcher.env'), `${formatEnvironmentFile(settings)}${world.lines ?? ''}`);
  await writeFile(at('secrets.env'), formatEnvironmentFile(secrets));
  await writeFile(at('drop-in.env'), world.dropIn ?? '');
  for (const [name, text] of Object.entries(world.updates ?? {})) await writeFile(at(`state/${name}`), text);

  const running = Object.entries({ ...settings, ...secrets, ...world.running });
  const env = Object.fromEntries(running.flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])));
  const mode = world.connection ?? 'kept';
  const child = spawn(process.execPath, ['--eval', PROCESS, mode, address, port], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  const show = {
    LoadState: 'loaded',
    ActiveState: 'active',
    SubState: 'running',
    MainPID: String(child.pid),
    NRestarts: '0',
    ControlGroup: '',
    ConditionResult: 'yes',
    ExecMainStartTimestampMonotonic: String(Math.floor(uptime() - (world.uptime ?? 300)) * 1_000_000),
    ...world.service,
  };
  const files = ['launcher.env', 'secrets.env', 'drop-in.env'].map(
    (name) => `EnvironmentFiles=${at(name)} (ignore_errors=no)`,
  );
  await writeFile(at('show'), [...Object.entries(show).map((each) => each.join('=')), ...files].join('\n'));
  const programs: Record<string, string> = {
    systemctl: `echo >>${at('looks')}; look=$(wc -l <${at('looks')}); sed "${world.changes ?? ''}" ${at('show')}`,
    docker: `case $1 in run) sha256sum ${at('bundle.crt')} | sed 's#  .*#  ${BUNDLE_PATH}#' ;; esac`,
    sleep: 'exit 0',
    ...(world.sockets !== undefined && { ss: `echo '${withPort(world.sockets).replace('PID', String(child.pid))}'` }),
    ...world.programs,
  };
  for (const [name, script] of Object.entries(programs)) {
    await writeFile(at(`bin/${name}`), `#!/bin/sh\n${script}\n`);
    await chmod(at(`bin/${name}`), 0o755);
  }
  const conditions = { podman: false, bundle: true, credentials: false, encrypted: false, ...world.conditions };
  const image = conditions.bundle ? { image: 'runner:test' } : undefined;
  await writeFile(
    at('check'),
    await fillTemplate('host/spacelift-worker-check', image ?? {}, quoteForShell, conditions),
  );
  const run = async (
    args: readonly string[] = [],
    shell: readonly string[] = ['dash'],
    enter: readonly string[] = [],
  ) => {
    const [program = '', ...rest] = [...enter, ...shell, at('check'), ...args];
    const result = await execa(program, rest, {
      reject: false,
      env: {
        PATH: `${at('bin')}:${process.env['PATH']}`,
        SPACELIFT_LAUNCHER_STATE: at('state'),
        SPACELIFT_SECRETS_FILE: at('secrets.env'),
      },
    });
    const report = v.parse(v.strictObject(workerReport.entries), JSON.parse(result.stdout));
    const ids = (findings: readonly { readonly id: string }[]) => findings.map(({ id }) => id);
    return { ...result, report, faults: ids(report.faults), warnings: ids(report.warnings) };
  };
  return { run, at, port, child, env: () => readFile(at('launcher.env'), 'utf8') };
}
