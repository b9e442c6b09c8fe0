import { spawn } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { createAuthority } from './authority.ts';
import { startDownloadHost } from './download-host.ts';
import { type BootedHost, createHost, HOST_NEEDS, type Host } from './host.ts';
import { buildLauncher, makePool, NAMES } from './installed-host.ts';
import { createNetwork } from './network.ts';
import { environmentOf, PROGRAM } from './program.ts';
import { startSpacelift } from './spacelift.ts';
import { ulid } from './spacelift-authority.ts';
import type { StoredWorker } from './spacelift-pools.ts';
import { temporaryFolder } from './temporary.ts';

export const LAB_NEEDS = [...HOST_NEEDS, 'gpg', 'gcc', 'ssh', 'ssh-keygen', 'ss'] as const;

const SERVER = '10.99.0.1';

/** A host of the lab with its name for ssh. */
export interface LabHost {
  readonly name: string;
  readonly address: string;
  readonly host: Host;
  readonly booted: BootedHost;
  at(file: string): string;
}

/**
 * A network with hosts that answer ssh, and servers that stand in for Spacelift's. A launcher that keeps its connection is
 * a worker of the pool. What the vendor's launcher does is not public; that another process is another worker is assumed,
 * and `spacectl deploy` also ends well where it is not.
 */
export async function createLab(names: readonly string[], prepare = async (_host: LabHost) => {}) {
  const folder = await temporaryFolder();
  const at = (file: string) => path.join(folder, file);
  const lab = await createNetwork();
  await lab.configure('link add br0 type bridge');
  await lab.configure(`addr add ${SERVER}/24 dev br0`);
  await lab.configure('link set br0 up');

  const tls = await createAuthority(NAMES);
  const download = await startDownloadHost();
  await download.publish(await buildLauncher('lab'));
  for (const [name, content] of download.files) {
    const file = at(path.join('world', name.startsWith('/vks') ? 'keys.openpgp.org' : 'downloads.spacelift.io', name));
    await mkdir(path.dirname(file), { recursive: true });
    await writeFile(file, content);
  }
  for (const name of ['certificate', 'key'] as const) await writeFile(at(name), tls[name]);
  await writeFile(at('ca.pem'), tls.authority);
  const [ip = '', ...inside] = lab.enter;
  const inLab = (...command: readonly string[]) => {
    const child = spawn(ip, [...inside, ...command], { stdio: 'ignore' });
    const ended = new Promise((resolve) => child.once('exit', resolve));
    onTestFinished(async () => {
      child.kill('SIGKILL');
      await ended;
    });
  };
  const services = path.resolve('test/services');
  const served = [at('world'), at('certificate'), at('key'), SERVER];
  inLab(process.execPath, path.join(services, 'serve-files.mjs'), ...served);

  const spacelift = await startSpacelift();
  const stored = spacelift.addPool({ name: 'lab' });
  const [, port = ''] = spacelift.host.split(':');
  await listenAt(at(port), Number(port));
  inLab(process.execPath, path.join(services, 'forward.mjs'), folder, port);

  await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', at('id')]);
  const layer = (await execa('sh', ['test/services/ssh-layer.sh'], { stderr: 'ignore' })).stdout;
  const hosts: LabHost[] = [];
  const known: string[] = [];
  const config: string[] = [];
  for (const [index, name] of names.entries()) {
    const address = `10.99.0.${11 + index}`;
    const host = await createHost({ names: NAMES, layer, address: SERVER });
    const within = (file: string) => path.join(host.root, file);
    const link = `v${index}`;
    await lab.configure(`link add ${link} type veth peer name eth0 netns ${host.network.name}`);
    await lab.configure(`link set ${link} master br0 up`);
    await host.network.configure(`addr add ${address}/24 dev eth0`);
    await host.network.configure('link set eth0 up');
    await execa('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', within('etc/ssh/ssh_host_ed25519_key')]);
    known.push(`${name} ${await readFile(within('etc/ssh/ssh_host_ed25519_key.pub'), 'utf8')}`);
    config.push(`Host ${name}\n  HostName ${address}\n  HostKeyAlias ${name}\n  User root\n`);
    await mkdir(within('root/.ssh'), { recursive: true, mode: 0o700 });
    await writeFile(within('root/.ssh/authorized_keys'), await readFile(at('id.pub')), { mode: 0o600 });
    await writeFile(within('etc/hostname'), `${name}\n`);
    await writeFile(within('usr/local/share/ca-certificates/test.crt'), tls.authority);
    await execa('chroot', [host.root, 'update-ca-certificates']);
    const dropIn = within('etc/systemd/system/spacelift-launcher.service.d');
    await mkdir(dropIn, { recursive: true });
    const key = `[Service]\nEnvironment=SPACELIFT_LAUNCHER_FINGERPRINT=${download.fingerprint}\n`;
    await writeFile(path.join(dropIn, 'test.conf'), key);
    const made = { name, address, host, booted: undefined as never, at: within };
    await prepare(made);
    hosts.push(made);
  }
  await writeFile(at('known_hosts'), known.join(''));
  const common = `Host *\n  IdentityFile ${at('id')}\n  IdentitiesOnly yes\n  UserKnownHostsFile ${at('known_hosts')}\n`;
  await writeFile(at('ssh_config'), `${config.join('')}${common}`);
  const booted = await Promise.all(
    hosts.map(async (each): Promise<LabHost> => ({ ...each, booted: await each.host.boot() })),
  );
  /** Names of hosts whose workers the stand-in for Spacelift does not show. */
  const hidden = new Set<string>();
  /** The workers of the pool that was created last. */
  const workers = () => ([...spacelift.pools.values()].at(-1) ?? stored).workers;
  keepWorkers(workers, booted, { enter: lab.enter, hidden });

  // On the PATH, where the Ansible role looks for it.
  await mkdir(at('bin'));
  const program = `#!/bin/sh\nexec ${process.execPath} ${PROGRAM} "$@"\n`;
  await writeFile(at('bin/spacectl'), program, { mode: 0o755 });
  const pool = at('pool');
  await mkdir(pool);
  await writeFile(at('base.pem'), (await createAuthority()).authority);
  await makePool(pool, at('base.pem'), [at('ca.pem')]);
  await writeFile(path.join(pool, 'spacectl.yaml'), `pool:\n  id: ${stored.id}\nhosts:\n  target: [systemd]\n`);
  /** Runs the program in the lab, with an API key. */
  const start = (...args: readonly string[]) =>
    execa(ip, [...inside, process.execPath, PROGRAM, ...args], {
      reject: false,
      all: true,
      stdin: 'ignore',
      extendEnv: false,
      env: environmentOf({ ...spacelift.environment, HOME: folder, PATH: `${at('bin')}:${process.env['PATH']}` }),
    });
  const run = async (...args: readonly string[]) => start(...args);
  return {
    pool,
    hosts: booted,
    run,
    start,
    at,
    config: at('ssh_config'),
    stored,
    workers,
    hidden,
    spacelift,
    enter: lab.enter,
  };
}

async function listenAt(socket: string, port: number): Promise<void> {
  const server = net.createServer((inside) => {
    const outside = net.connect(port, '127.0.0.1');
    inside.pipe(outside).pipe(inside);
    inside.on('error', () => outside.destroy());
    outside.on('error', () => inside.destroy());
  });
  await new Promise<void>((resolve) => server.listen(socket, resolve));
  onTestFinished(() => void server.close());
}

/** Milliseconds between two looks at the connections to the server that launchers poll. */
const LOOK_MS = 500;
/** A server may close an idle connection: the launcher opens it again within a second. */
const MISSED_LOOKS = 8;

/**
 * Prints the process of the launcher, and its tags: each variable SPACELIFT_METADATA_* of its environment
 * (spacelift-io/user-documentation@6e9746f, docs/concepts/worker-pools/README.md).
 */
const LAUNCHER = `pid=$(systemctl show spacelift-launcher --value -p MainPID)
[ "$pid" != 0 ] || exit 0
echo "$pid"
tr '\\0' '\\n' <"/proc/$pid/environ" | sed -n 's/^SPACELIFT_METADATA_//p'`;

/**
 * Makes a worker of each launcher that is connected: another process on the same host is another worker. One whose
 * connection is away for some looks is gone.
 */
function keepWorkers(
  workers: () => StoredWorker[],
  hosts: readonly LabHost[],
  { enter: [ip = '', ...inside], hidden }: { readonly enter: readonly string[]; readonly hidden: ReadonlySet<string> },
): void {
  const ids = new Map<string, string>();
  const seen = new Map<string, number>();
  const metadata = new Map<string, string>();
  let isOver = false;
  let looks = 0;
  const look = async () => {
    const { stdout } = await execa(ip, [...inside, 'ss', '-Htn', 'state', 'established', 'sport', '=', ':443'], {
      reject: false,
    });
    looks++;
    for (const { name, address, booted } of hosts) {
      if (hidden.has(name) || !stdout.includes(` ${address}:`)) continue;
      const { stdout: process } = await booted.run('sh', '-c', LAUNCHER);
      const [id = '', ...tags] = process.split('\n');
      if (id === '') continue;
      const worker = ids.get(`${address}-${id}`) ?? ulid();
      ids.set(`${address}-${id}`, worker);
      seen.set(worker, looks);
      metadata.set(worker, JSON.stringify(Object.fromEntries(tags.map((tag) => tag.split(/=(.*)/s)))));
    }
    for (const [id, last] of seen) if (looks - last > MISSED_LOOKS) seen.delete(id);
    const known = workers();
    for (const [index, { id }] of [...known.entries()].reverse()) if (!seen.has(id)) known.splice(index, 1);
    for (const id of seen.keys()) {
      if (known.some((worker) => worker.id === id)) continue;
      const createdAt = Math.floor(Date.now() / 1000);
      const state = { busy: false, drained: false, createdAt, availableAt: null };
      known.push({ id, metadata: metadata.get(id) ?? '{}', ...state });
    }
    if (!isOver) timer = setTimeout(() => void look(), LOOK_MS);
  };
  let timer = setTimeout(() => void look(), LOOK_MS);
  onTestFinished(() => {
    isOver = true;
    clearTimeout(timer);
  });
}
