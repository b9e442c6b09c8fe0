import { type Finished, runProgram } from '../../programs/index.ts';
import type { HostFacts } from './check.ts';

/** Returns the path of the engine's socket in the launcher's settings. */
export function socketOf({ settings }: Pick<HostFacts, 'settings'>): string {
  const host = settings['DOCKER_HOST'] ?? process.env['DOCKER_HOST'] ?? 'unix:///var/run/docker.sock';
  return host.replace(/^unix:\/\//, '');
}

/** Runs `docker` against the engine that the launcher uses. @throws UserError as `runProgram` */
export function docker(host: Pick<HostFacts, 'settings' | 'signal'>, ...args: readonly string[]): Promise<Finished> {
  const environment = { DOCKER_HOST: `unix://${socketOf(host)}` };
  return runProgram('docker', args, { signal: host.signal, environment, timeout: 120_000 });
}
