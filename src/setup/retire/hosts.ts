import { existsSync } from 'node:fs';
import path from 'node:path';
import { inPosixShell } from '../../core/command-lines.ts';
import { isConfiguration, rendersPool, storedSecretRemovals, TARGETS, type TargetName } from '../../render/index.ts';
import { readMetadata, type Worker } from '../../spacelift/index.ts';
import type { NextStep } from '../../step/next.ts';

/** The hosts of a pool, as far as its folder and its workers tell. */
export interface Hosts {
  readonly targets: readonly TargetName[];
  /** The configuration that creates the pool, and deletes it when it is destroyed. */
  readonly creator: TargetName | undefined;
  /** The steps that tear them down, in order; then those that delete the secrets in a cloud's store. */
  readonly teardown: readonly NextStep[];
}

const NAMES = Object.keys(TARGETS) as readonly TargetName[];

/** Finds the targets that were rendered in a folder, and the steps that tear down their hosts. */
export async function hostsOf(dir: string, workers: readonly Worker[]): Promise<Hosts> {
  const targets = NAMES.filter((name) => existsSync(path.join(dir, TARGETS[name].writes)));
  const instances = workers
    .map((worker) => readMetadata(worker)['instance_id'] ?? '')
    .filter((id) => /^i-\w+$/.test(id));
  let creator: TargetName | undefined;
  const [hosts, stores]: [NextStep[], string[]] = [[], []];
  for (const name of targets) {
    const place = path.join(dir, TARGETS[name].writes);
    hosts.push(...TARGETS[name].teardown({ place, instances }));
    if (!isConfiguration(name)) continue;
    if (await rendersPool(place)) creator ??= name;
    stores.push(...(await storedSecretRemovals(place)));
  }
  const forget = inPosixShell("Delete the secrets in the cloud's store, in bash");
  return { targets, creator, teardown: [...hosts, ...stores.map((command) => ({ text: forget, command }))] };
}
