import { existsSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import type { Right } from './programs.ts';

/** A request to ECS's API. */
export interface EcsRequest {
  readonly operation: 'RegisterTaskDefinition' | 'CreateService' | 'CreateCapacityProvider';
  readonly params: unknown;
}

/** Debian's `python3-botocore`, for Debian's Python. */
export const BOTOCORE: Right = {
  advice: 'needs python3-botocore: run test/services/install.sh',
  isHeld: () => existsSync('/usr/lib/python3/dist-packages/botocore/validate.py'),
};

/** Says for each request what AWS's own model has against it (ecs-model.py). */
export async function problemsOfRequests(requests: readonly EcsRequest[]): Promise<readonly (readonly string[])[]> {
  const services = path.resolve('test/services');
  const { stdout: model } = await execa('sh', [path.join(services, 'ecs-model.sh')]);
  const input = JSON.stringify(requests);
  const run = await execa('/usr/bin/python3', [path.join(services, 'ecs-model.py'), model], { input });
  return JSON.parse(run.stdout) as string[][];
}
