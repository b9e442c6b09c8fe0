import type { NextStep } from '../../step/next.ts';
import type { Variable } from '../format/hcl/variables.ts';
import type { Pool } from './pool.ts';

/** What its provider reads outside of a run of Spacelift's (terraform-provider-spacelift, docs/index.md@9a40e87). */
const CREDENTIALS =
  '`SPACELIFT_API_KEY_ENDPOINT`, `SPACELIFT_API_KEY_ID` and `SPACELIFT_API_KEY_SECRET` in the environment';

/** Returns the step that gives Terraform credentials for Spacelift, if the configuration creates the pool. */
export function credentialsStep({ isCreated }: Pick<Pool, 'isCreated'>): readonly NextStep[] {
  return isCreated ? [{ text: `Set ${CREDENTIALS.replaceAll('`', '')}` }] : [];
}

/**
 * Returns the part of a configuration's README that says how to apply it.
 * @param requiredVersion the one of Terraform: `>= 1.5`
 * @param secrets commands that store the secrets; one may have words before it, which become a comment
 */
export function applyingSections(
  requiredVersion: string,
  {
    pool,
    variables,
    secrets,
  }: {
    readonly pool: Pick<Pool, 'isCreated'>;
    readonly variables: readonly Variable[];
    readonly secrets: readonly string[];
  },
): readonly string[] {
  const unset = variables.filter(({ value }) => value === undefined).map(({ name }) => `\`${name}\``);
  return [
    '## Before you apply',
    '',
    `- Terraform ${requiredVersion.replace('>= ', '')} or later; not tested with OpenTofu.`,
    ...(pool.isCreated ? [`- Credentials for Spacelift, which creates the pool: ${CREDENTIALS}.`] : []),
    ...(unset.length > 0 ? [`- Values for ${unset.join(', ')}: see \`terraform.tfvars.example\`.`] : []),
    ...(secrets.length > 0 ? ['- The secrets, stored once (in bash, where the files of the pool are):'] : []),
    ...(secrets.length > 0 ? ['', '```sh', ...secrets.map(asCommand), '```'] : []),
    '',
    '## Apply',
    '',
    '```sh',
    'terraform init && terraform apply',
    '```',
  ];
}

/** Turns words before a command into a comment. */
function asCommand(line: string): string {
  return line.replace(/^(.*), then: /, '# $1:\n');
}
