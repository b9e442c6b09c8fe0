import { spawn } from 'node:child_process';
import path from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { temporaryFolder } from './temporary.ts';

/** A Docker engine of one test, with nothing in it. */
export interface Docker {
  /** For `DOCKER_HOST`. */
  readonly host: string;
  /** Runs `docker` against this engine; throws where it fails. */
  docker(...args: readonly string[]): Promise<string>;
}

/** Starts a real engine that reaches nothing but loopback; it ends with the test. Needs root. */
export async function startDocker(): Promise<Docker> {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  const host = `unix://${at('docker.sock')}`;
  const folders = ['--data-root', at('data'), '--exec-root', at('exec'), '--pidfile', at('pid')];
  const network = ['--iptables=false', '--ip6tables=false', '--bridge=none'];
  const daemon = spawn('dockerd', [...folders, '-H', host, ...network, '--storage-driver=overlay2'], {
    stdio: 'ignore',
  });
  const ended = new Promise((resolve) => daemon.once('exit', resolve));
  onTestFinished(async () => {
    daemon.kill('SIGTERM');
    await ended;
  });
  const docker = async (...args: readonly string[]) => {
    const { stdout } = await execa('docker', args, { env: { DOCKER_HOST: host } });
    return stdout;
  };
  const deadline = Date.now() + 40_000;
  for (;;) {
    try {
      await docker('version');
      return { host, docker };
    } catch (error) {
      if (Date.now() > deadline || daemon.exitCode !== null) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
