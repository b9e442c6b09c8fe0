import { type ModuleFacts, nearestKnown } from './facts.ts';

/** When all is well, by what the facts say of when it is not. */
const CONDITIONS: Readonly<Record<string, string>> = {
  'no secure_env_vars, no byo_secretsmanager and empty configuration': 'local.has_secret || var.configuration != ""',
  'autoscaling_configuration without spacelift_api_credentials (api_key_secret or byo_ssm)':
    'var.autoscaling_configuration == null || local.has_api_credentials',
  'instance_refresh without spacelift_api_credentials': 'var.instance_refresh == null || local.has_api_credentials',
  'byo_secretsmanager together with secure_env_vars': '!(local.has_byo && local.has_variables)',
  'configuration contains export SPACELIFT_TOKEN or export SPACELIFT_POOL_PRIVATE_KEY':
    '!can(regex("export (SPACELIFT_TOKEN|SPACELIFT_POOL_PRIVATE_KEY)", var.configuration))',
};

/**
 * Generates `checks.tf`: what a module refuses or warns of at plan time. Where a release's own checks were not read, those
 * of the nearest one are taken: since v7 `env_vars` stands for `secure_env_vars` (README.md at 88372bb excludes it beside
 * `byo_secretsmanager`).
 */
export function checksOf(facts: ModuleFacts): string {
  if (facts.cloud !== 'aws') return '';
  const errors = nearestKnown(facts, (each) => each.plan_time_errors);
  const warnings = nearestKnown(facts, (each) => each.plan_time_warnings);
  const preconditions = errors.map((error) => `    precondition {\n${body(error, '      ')}    }\n`).join('');
  const checks = warnings.map(
    (warning, index) => `check "warning_${index}" {\n  assert {\n${body(warning, '    ')}  }\n}\n`,
  );
  return `resource "terraform_data" "checks" {\n  lifecycle {\n${preconditions}  }\n}\n\n${checks.join('\n')}`;
}

function body(problem: string, indent: string): string {
  const condition = CONDITIONS[problem];
  if (condition === undefined) throw new Error(`No condition is known for "${problem}"`);
  return `${indent}condition     = ${condition}\n${indent}error_message = "${problem}."\n`;
}
