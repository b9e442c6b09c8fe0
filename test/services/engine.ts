import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary.ts';

/** A container engine of the test's own, and the variables that lead to it. */
export interface Engine {
  readonly program: 'docker' | 'podman';
  readonly environment: Record<string, string>;
  /** Runs the engine's own command line; what it says. */
  run(...args: readonly string[]): Promise<string>;
}

/** Starts a Docker daemon with empty storage; it ends with the test. Needs root. */
export async function startDocker(): Promise<Engine> {
  // Short, because a socket's path has at most 107 characters.
  const folder = await mkdtemp(path.join(tmpdir(), 'dockerd-'));
  const socket = `unix://${folder}/sock`;
  const options = ['--data-root', 'data', '--exec-root', 'exec', '--pidfile', 'pid'].map((each, index) =>
    index % 2 === 1 ? path.join(folder, each) : each,
  );
  const daemon = spawn(
    'dockerd',
    [...options, '-H', socket, '--iptables=false', '--ip6tables=false', '--bridge=none', '--storage-driver=overlay2'],
    { stdio: 'ignore', env: { ...process.env, PATH: `${process.env['PATH']}:/usr/sbin:/sbin` } },
  );
  const ended = new Promise((resolve) => daemon.once('exit', resolve));
  onTestFinished(async () => {
    daemon.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  const engine = engineOf('docker', { DOCKER_HOST: socket });
  await waitFor(engine);
  return engine;
}

/** Podman with storage of its own. */
export async function ownPodman(): Promise<Engine> {
  const folder = await temporaryFolder();
  const storage = path.join(folder, 'storage.conf');
  const [graph, run] = [path.join(folder, 'graph'), path.join(folder, 'run')];
  await writeFile(storage, `[storage]\ndriver = "vfs"\ngraphroot = "${graph}"\nrunroot = "${run}"\n`);
  const containers = path.join(folder, 'containers.conf');
  await writeFile(containers, `[engine]\ntmp_dir = "${folder}/tmp"\nevents_logger = "none"\n`);
  return engineOf('podman', { CONTAINERS_STORAGE_CONF: storage, CONTAINERS_CONF: containers });
}

/**
 * The `docker` of Debian's package podman-docker 4.3.1 (the same script as in other distributions), which is Podman, with
 * storage of its own.
 */
export async function podmanAsDocker(): Promise<Engine> {
  const { environment } = await ownPodman();
  const folder = await temporaryFolder();
  const script = `#!/bin/sh
[ -e /etc/containers/nodocker ] || \\
echo "Emulate Docker CLI using podman. Create /etc/containers/nodocker to quiet msg." >&2
exec podman "$@"
`;
  await writeFile(path.join(folder, 'docker'), script, { mode: 0o755 });
  return engineOf('docker', { ...environment, PATH: `${folder}:${process.env['PATH']}` });
}

/** Podman's service, which speaks Docker's protocol to Docker's own client. It ends with the test. */
export async function podmanService(): Promise<Engine> {
  const { environment } = await ownPodman();
  const folder = await mkdtemp(path.join(tmpdir(), 'podman-'));
  const socket = `unix://${folder}/sock`;
  const service = spawn('podman', ['system', 'service', '--time', '0', socket], {
    stdio: 'ignore',
    env: { ...process.env, ...environment },
  });
  const ended = new Promise((resolve) => service.once('exit', resolve));
  onTestFinished(async () => {
    service.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  const engine = engineOf('docker', { DOCKER_HOST: socket });
  await waitFor(engine);
  return engine;
}

async function waitFor(engine: Engine): Promise<void> {
  const deadline = Date.now() + 40_000;
  for (;;) {
    try {
      await engine.run('version');
      return;
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 200));
    }
  }
}

function engineOf(program: Engine['program'], environment: Record<string, string>): Engine {
  return {
    program,
    environment,
    async run(...args) {
      const { stdout } = await execa(program, args, { env: environment });
      return stdout;
    },
  };
}

/** Sets the variables that lead to an engine, for as long as the test runs. */
export function useEngine({ environment }: Engine): void {
  for (const [name, value] of Object.entries(environment)) {
    const before = process.env[name];
    process.env[name] = value;
    onTestFinished(() => {
      if (before === undefined) delete process.env[name];
      else process.env[name] = before;
    });
  }
}
