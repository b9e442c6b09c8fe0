import { existsSync } from 'node:fs';
import path from 'node:path';
import { amiCheck } from '../../ami/index.ts';
import { quoteIfNeeded } from '../../core/text.ts';
import { renderedRelease, TARGETS, type TargetName } from '../../render/index.ts';
import { answersFor } from '../../step/conversation.ts';
import type { Answers } from '../../step/input.ts';
import { renderAgain } from './target.ts';
import { attention, type Finding, good, none, stale, unknown } from './thing.ts';

/** Looks at the release of Spacelift's module that a configuration uses. */
export async function releaseOf(
  name: TargetName,
  { dir, answers, isChosen }: { dir: string; answers: Answers; isChosen: boolean },
): Promise<Finding> {
  const found = await renderedRelease(path.join(dir, TARGETS[name].writes));
  if (!found) return none('no module of Spacelift');
  const { used, newest } = found;
  if (used === newest) return good(`${used}, the newest that spacectl knows completely`);
  const pinned = answers[`${name}/module-version`];
  if (pinned !== undefined) return good(`${used}, as ${name}.module-version says; ${newest} is known`);
  const file = `${TARGETS[name].writes}/main.tf`;
  const evidence = `${used} is used, and ${newest} is known`;
  const again = renderAgain(name, dir, isChosen);
  return isChosen ? stale(evidence, again, 'apply', file) : attention(evidence, again, file);
}

/** Looks at the machine images of a configuration for AWS: the one it is given, or those in a state file beside it. */
export async function imagesOf(
  name: TargetName,
  { dir, answers, offline }: { dir: string; answers: Answers; offline: boolean },
  signal: AbortSignal,
): Promise<Finding> {
  const own = answersFor({ section: name }, answers);
  const image = own['machine-image'];
  const state = path.join(dir, TARGETS[name].writes, 'terraform.tfstate');
  const hasState = existsSync(state);
  const ask = `spacectl ami check --auto-scaling-group NAME`;
  if (typeof image !== 'string' && !hasState)
    return none(`Spacelift's newest when Terraform runs; of running hosts: ${ask}`);
  const which = typeof image === 'string' ? image : `--terraform-state ${quoteIfNeeded(state)}`;
  if (offline) return unknown('not looked up, because of --offline', `spacectl ami check ${which}`);
  const { images, actionNeeded } = await amiCheck.run(
    {
      image: typeof image === 'string' ? image : undefined,
      'terraform-state': typeof image === 'string' ? undefined : state,
      'auto-scaling-group': undefined,
      'warn-days': 30,
      'images-file': undefined,
      region: typeof own['region'] === 'string' ? own['region'] : undefined,
      'endpoint-url': undefined,
    } as never,
    signal,
  );
  const found = images.map(({ id, name: title, fate }) => `${title ?? id}: ${fate}`).join(', ');
  return actionNeeded ? attention(found, `spacectl ami check ${which}`) : good(found);
}
