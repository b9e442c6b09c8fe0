import path from 'node:path';
import { hasMark } from '../../pool-folder/index.ts';
import { type Content, known } from '../../step/content.ts';
import type { Change, Planner } from '../../step/plan.ts';
import type { Variable } from '../format/hcl/variables.ts';
import { holdsPassword } from '../host/url-password.ts';

/**
 * Plans the files of a configuration: the rendered texts, of mode 0600 if they hold a secret of the user's, and the files
 * beside them. `contentOf` is for texts that become final only later.
 */
export async function configurationFiles(
  folder: string,
  texts: Readonly<Record<string, string>>,
  beside: Readonly<Record<string, Content | undefined>>,
  planner: Planner,
  {
    contentOf = (_name, text) => known(text),
    isSecret = () => false,
  }: {
    contentOf?: (name: string, text: string) => Content | Promise<Content>;
    isSecret?: (name: string) => boolean;
  } = {},
): Promise<readonly Change[]> {
  const changes = [];
  for (const [name, text] of Object.entries(texts)) {
    const access = holdsPassword(text) || isSecret(name) ? { mode: 0o600, isSecret: true } : {};
    // JSON has no comments for the mark.
    const isTask = (bytes: Uint8Array) => Buffer.from(bytes).includes('"containerDefinitions"');
    const replace = name.endsWith('.json') ? isTask : hasMark;
    const content = await contentOf(name, text);
    changes.push(await planner.file({ path: path.join(folder, name), content, replace, ...access }));
  }
  for (const [name, content] of Object.entries(beside)) {
    if (content) changes.push(await planner.file({ path: path.join(folder, name), content }));
  }
  return changes;
}

/** Returns the variables without a value, and the message that asks the user to set them. */
export function unanswered(variables: readonly Variable[], folder: string) {
  const names = variables.filter(({ value }) => value === undefined).map(({ name }) => name);
  const example = path.join(folder, 'terraform.tfvars.example');
  return { names, next: names.length > 0 ? [`Set ${names.join(', ')}: see ${example}`] : [] };
}
