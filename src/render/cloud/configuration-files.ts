import path from 'node:path';
import { type Content, known } from '../../step/content.ts';
import type { Change, Planner } from '../../step/plan.ts';
import type { Variable } from '../format/hcl/variables.ts';
import { holdsPassword } from '../host/url-password.ts';

/**
 * Plans the files of a configuration: what is rendered, for the user alone where a password is in it, and what lies beside
 * it. `contentOf` is for texts that become final only later, `isSecret` for those that hold a secret of the user's.
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
    // JSON has no comments to say it in.
    const mark = name.endsWith('.json') ? '"containerDefinitions"' : 'Rendered by spacectl';
    const replace = (bytes: Uint8Array) => Buffer.from(bytes).includes(mark);
    const content = await contentOf(name, text);
    changes.push(await planner.file({ path: path.join(folder, name), content, replace, ...access }));
  }
  for (const [name, content] of Object.entries(beside)) {
    if (content) changes.push(await planner.file({ path: path.join(folder, name), content }));
  }
  return changes;
}

/** The variables that whoever applies a configuration has to give, and the words that say so. */
export function unanswered(variables: readonly Variable[], folder: string) {
  const names = variables.filter(({ value }) => value === undefined).map(({ name }) => name);
  const example = path.join(folder, 'terraform.tfvars.example');
  return { names, next: names.length > 0 ? [`Give ${names.join(', ')}: see ${example}`] : [] };
}
