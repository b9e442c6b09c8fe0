import type { Cloud } from '../../../src/render/cloud/limits.ts';
import type { ModuleFacts } from './facts.ts';

/** What the outputs of a module hold, in terms of the stand-in's resources. */
const VALUES: Readonly<Record<Cloud, Readonly<Record<string, string>>>> = {
  aws: {
    instances_role_arn: 'aws_iam_role.this[*].arn',
    instances_role_name: 'aws_iam_role.this[*].name',
    autoscaling_group_arn: 'aws_autoscaling_group.this.arn',
    autoscaling_group_name: 'aws_autoscaling_group.this.name',
    launch_template_id: 'aws_launch_template.this.id',
    secretsmanager_secret_arn: 'aws_secretsmanager_secret.this[*].arn',
    autoscaler_log_group_name:
      'var.autoscaling_configuration == null ? null : format("/aws/lambda/%s", local.base_name)',
    log_group_arns: '{ for name, group in aws_cloudwatch_log_group.this : name => group.arn }',
  },
  azure: {
    identity: 'azurerm_linux_virtual_machine_scale_set.this.identity',
    vmss_id: 'azurerm_linux_virtual_machine_scale_set.this.id',
    vmss_name: 'azurerm_linux_virtual_machine_scale_set.this.name',
    autoscaler_identity_principal_id: 'local.autoscaling_enabled ? "00000000-0000-0000-0000-000000000001" : null',
    autoscaler_function_app_name: 'local.autoscaling_enabled ? local.namespace : null',
  },
  gcp: {},
};

/** Generates `outputs.tf`: the outputs that the facts list, and no other. */
export function outputsOf({ cloud, outputs }: ModuleFacts): string {
  return Object.keys(outputs)
    .map((name) => {
      const value = VALUES[cloud][name];
      if (value === undefined) throw new Error(`The stand-in for ${cloud} has no value for the output ${name}`);
      return `output "${name}" {\n  value = ${value}\n}\n`;
    })
    .join('\n');
}
