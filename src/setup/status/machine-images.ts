import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { type CheckedImage, checkImages, imagesIn } from '../../ami/index.ts';
import { quoteIfNeeded } from '../../core/text.ts';
import { TARGETS, type TargetName } from '../../render/index.ts';
import { answersFor } from '../../step/conversation.ts';
import type { Answers } from '../../step/input.ts';
import { attention, type Finding, good, none, unknown } from './thing.ts';

/** How many days ahead a deprecation counts, as for `ami check` without `--warn-days`. */
const WARN_DAYS = 30;

/** What hosts start from where a configuration names no image of its own. */
const CHOSEN_BY_TERRAFORM: Partial<Record<TargetName, string>> = {
  'terraform-aws': "Spacelift's newest when Terraform runs",
  ecs: "AWS's newest for ECS when Terraform runs",
};

/**
 * Looks at the machine images of a configuration: those that its rendered files name, and those that hosts start from by a
 * state file beside them.
 */
export async function imagesOf(
  name: TargetName,
  { dir, answers, offline }: { dir: string; answers: Answers; offline: string | undefined },
  signal: AbortSignal,
): Promise<Finding> {
  const folder = path.join(dir, TARGETS[name].writes);
  const named = imagesIn(await readFile(path.join(folder, 'main.tf'), 'utf8').catch(() => ''));
  const state = path.join(folder, 'terraform.tfstate');
  const hasState = existsSync(state);
  const running = `of running hosts: spacectl ami check --auto-scaling-group NAME`;
  if (named.length === 0 && !hasState) {
    const chosen = CHOSEN_BY_TERRAFORM[name];
    return none(chosen ? `${chosen}; ${running}` : 'the configuration names none');
  }
  const own = answersFor({ section: name }, answers)['region'];
  const region = typeof own === 'string' ? own : undefined;
  const query = { images: named, ...(hasState && { state }), region, isOffline: offline !== undefined };
  const { images: found } = await checkImages(query, { now: new Date(), warnDays: WARN_DAYS }, signal);
  const which = [...named.slice(0, 1), ...(hasState ? ['--terraform-state', state] : [])];
  const command = `spacectl ami check ${which.map((each) => quoteIfNeeded(each)).join(' ')}`;
  if (found.length === 0) return none('the Terraform state has none');
  const evidence = found.map(wordsFor).join('; ');
  if (found.every(({ status }) => status === 'current')) return good(evidence);
  return found.some(({ status }) => status !== 'current' && status !== 'unknown')
    ? attention(evidence, command)
    : unknown(evidence, command);
}

function wordsFor({ id, name, status, note }: CheckedImage): string {
  return `${name ?? id}: ${status}${note ? ` (${note})` : ''}`;
}
