import { existsSync } from 'node:fs';
import path from 'node:path';
import { quoteIfNeeded } from '../../core/text.ts';
import { POOL_FILE, poolIdIn } from '../../pool-folder/index.ts';
import { isConfiguration, TARGETS, type TargetName } from '../../render/index.ts';
import type { Answered } from '../../step/ask.ts';
import type { Origin } from '../../step/given.ts';
import { isCheckout } from '../checkout.ts';
import { bundleOf } from './bundle.ts';
import { creatorOf } from './creator.ts';
import { hostsOf, sshHostsIn } from './hosts.ts';
import { keptSecretsIn } from './kept-secrets.ts';
import { keyOf } from './key.ts';
import { leftoverWords } from './leftover.ts';
import { imagesOf } from './machine-images.ts';
import { poolThings } from './pool.ts';
import { readRendered } from './rendered.ts';
import { targetOf } from './target.ts';
import { releaseOf } from './terraform.ts';
import { stateOf } from './terraform-state.ts';
import { attention, good, look, none, type Thing, unknown } from './thing.ts';
import { variablesOf } from './variables.ts';

/** Where a pool's folder stands. */
export interface PoolStatus {
  readonly dir: string;
  readonly things: readonly Thing[];
  /** Whether something needs doing. */
  readonly needsAttention: boolean;
}

const NAMES = Object.keys(TARGETS) as readonly TargetName[];

/** Finds out where a pool's folder stands. Changes nothing; what cannot be established is `unknown`. */
export async function statusOf({ values, origins }: Answered, signal: AbortSignal): Promise<PoolStatus> {
  const dir = String(values['dir']);
  const offline = values['offline'] === true ? offlineWords(origins['offline']) : undefined;
  const isChosenByFile = origins['target'] !== undefined && origins['target'] !== 'default';
  const answered: readonly unknown[] = Array.isArray(values['target']) ? values['target'] : [];
  const wanted = isChosenByFile ? answered : [];
  const targets = NAMES.filter((name) => wanted.includes(name) || existsSync(path.join(dir, TARGETS[name].writes)));
  const text = (name: string) => (typeof values[name] === 'string' ? values[name] : undefined);
  const creator = await creatorOf(dir, targets, { wanted, isNamed: values['pool-name'] !== undefined });
  const hasApiKey = text('api-endpoint') !== undefined;
  const pool = {
    dir,
    offline,
    creator,
    hasApiKey,
    'pool-id': text('pool-id'),
    profile: text('profile'),
    name: text('name'),
  };
  const context = { dir, offline, answers: values };
  const rendered = await readRendered(dir);
  const hasPool = isCheckout(dir) || (pool['pool-id'] ?? (await poolIdIn(dir))) !== undefined;
  const things = [
    await look('file', POOL_FILE, async () => fileOf(dir)),
    await look('key', 'Key pair', () => keyOf(dir)),
    ...(await poolThings(pool, signal)),
    ...(await keptSecretsIn(dir)),
    await look('bundle', 'CA bundle', () => bundleOf(context, signal)),
  ];
  for (const name of targets) {
    const isChosen = wanted.includes(name);
    const compare = async () =>
      answered.includes(name)
        ? targetOf(name, { dir, answers: values, isChosen, hasPool, rendered }, signal)
        : // Nothing has answered what this target asks.
          unknown(
            isChosenByFile
              ? await leftoverWords(dir, name)
              : `${TARGETS[name].writes} is not compared: hosts.target in ${POOL_FILE} does not name ${name}`,
          );
    things.push(await look(name, TARGETS[name].name, compare));
    if (!isConfiguration(name) || !existsSync(path.join(dir, TARGETS[name].writes))) continue;
    if (name !== 'ecs')
      things.push(await look(`${name}-module`, 'Module release', () => releaseOf(name, { ...context, isChosen })));
    if (answered.includes(name))
      things.push(await look(`${name}-variables`, 'Variables', () => variablesOf(name, context, signal)));
    things.push(await look(`${name}-state`, 'Terraform state', () => stateOf(dir, name)));
    things.push(await look(`${name}-images`, 'Machine images', () => imagesOf(name, context, signal)));
  }
  if (sshHostsIn(values).length > 0) things.push(await look('hosts', 'Hosts', () => hostsOf(context, signal)));
  things.push(await look('comms', 'Worker communication', async () => commsOf(dir, values['worker-comms'])));
  return { dir, things, needsAttention: things.some(({ state }) => state === 'attention') };
}

/** Says where it was said that no network is used: a saved answer is not a flag. */
function offlineWords(origin: Origin | undefined): string {
  if (origin === 'saved') return `pool.offline in ${POOL_FILE} is true`;
  return origin === 'environment' ? 'SPACECTL_OFFLINE' : '--offline';
}

function fileOf(dir: string) {
  if (existsSync(path.join(dir, POOL_FILE))) return good('read');
  return none(`none: spacectl init ${quoteIfNeeded(dir)} writes one`);
}

/** Spacelift retires MQTT at the end of 2026 (terraform-aws-spacelift-workerpool-on-ec2, docs/upgrade/v8.x-to-v9.0.md@88372bb). */
function commsOf(dir: string, protocol: unknown) {
  if (protocol !== 'mqtt') return good(protocol === 'unset' ? 'left to the launcher' : 'workers poll over HTTPS');
  const change = `spacectl init ${quoteIfNeeded(dir)} --no-input --worker-comms poll`;
  return attention('workers use MQTT, which Spacelift retires at the end of 2026', change, POOL_FILE);
}
