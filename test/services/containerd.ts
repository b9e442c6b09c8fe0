import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';

/** A containerd of the test's own. Docker's archives come from the same exporter, if Docker keeps images in containerd. */
export interface Containerd {
  /** Runs containerd's command line, `ctr`. */
  run(...args: readonly string[]): Promise<string>;
}

/** Starts containerd with empty storage; it ends with the test. Needs root. */
export async function startContainerd(): Promise<Containerd> {
  // Short, because a socket's path has at most 107 characters.
  const folder = await mkdtemp(path.join(tmpdir(), 'ctrd-'));
  const settings = path.join(folder, 'config.toml');
  const socket = path.join(folder, 'sock');
  await writeFile(
    settings,
    `version = 2\nroot = "${folder}/root"\nstate = "${folder}/state"\n` +
      `disabled_plugins = ["io.containerd.grpc.v1.cri"]\n[grpc]\naddress = "${socket}"\n`,
  );
  const daemon = spawn('containerd', ['--config', settings], { stdio: 'ignore' });
  const ended = new Promise((resolve) => daemon.once('exit', resolve));
  onTestFinished(async () => {
    daemon.kill('SIGTERM');
    await ended;
    await rm(folder, { recursive: true, force: true });
  });
  const run = async (...args: readonly string[]) => (await execa('ctr', ['--address', socket, ...args])).stdout;
  const deadline = Date.now() + 40_000;
  for (;;) {
    try {
      await run('version');
      return { run };
    } catch (error) {
      if (Date.now() > deadline) throw error;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}
