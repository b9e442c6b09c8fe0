import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import type { Cloud } from '../../../src/render/cloud/limits.ts';
import { testWith } from '../../services/programs.ts';
import { temporaryFolder } from '../../services/temporary.ts';
import { refuseDiagnostics, terraformOrThrow } from '../../services/terraform-diagnostics.ts';
import { offlineProviders } from '../../services/terraform-providers.ts';
import { readConfigurations, type State } from '../../services/terraform-state.ts';
import { writeVendorModule } from '../../services/vendor-module/write.ts';

const USUAL: Readonly<Record<Cloud, string>> = {
  aws: 'worker_pool_id = "01HCC6QZ932J7WDF4FTVM9QMEP"\nsecurity_groups = []\nvpc_subnets = []\nmanage_log_groups = false\n',
  azure:
    'worker_pool_id = "01HCC6QZ932J7WDF4FTVM9QMEP"\nsubnet_id = "x"\nadmin_public_key = "c3NoLWVkMjU1MTkgeA=="\nresource_group = { name = "g", location = "westeurope", id = "x" }\n',
  gcp: 'network = "n"\nregion = "r"\nzone = "r-b"\nsize = "1"\nimage = "i"\nmachine_type = "e2-medium"\ninstance_group_manager_name = "m"\n',
};

const SECRETS = 'secure_env_vars = { SPACELIFT_TOKEN = "t", SPACELIFT_POOL_PRIVATE_KEY = "k" }\n';
const VARIABLES = 'env_vars = { SPACELIFT_TOKEN = { value = "t" }, SPACELIFT_POOL_PRIVATE_KEY = { value = "k" } }\n';
/** 48 characters. */
const SELF_HOSTED = 's3_uri = "s3://bucket-of-a-selfhosted-install/launcher.bin"';
const ARN = 'arn:aws:secretsmanager:eu-west-1:123456789012:secret:token-a1b2c3';

/** Arguments beside the usual ones, and the length that the facts of the release give. */
const CASES: readonly (readonly [release: string, given: string, bytes: number])[] = [
  // boot.bytes_with_both_secrets_and_no_configuration
  ['aws-v5.6.5', SECRETS, 4492],
  ['aws-v6.0.3', SECRETS, 5241],
  ['aws-v6.3.0', SECRETS, 5241],
  ['aws-v7.1.0', VARIABLES, 5242],
  ['aws-v7.2.0', VARIABLES, 5242],
  ['aws-v8.2.0', VARIABLES, 5242],
  ['aws-v6.0.3', `${SECRETS}selfhosted_configuration = { ${SELF_HOSTED} }\n`, 6710],
  ['aws-v7.1.0', `${VARIABLES}selfhosted_configuration = { ${SELF_HOSTED} }\n`, 8958],
  // boot.size_formula: a configuration alone, of seven bytes in three characters; and other inputs.
  ['aws-v6.0.3', 'configuration = "aä€"\n', 4929 + 1 + 6],
  [
    'aws-v6.0.3',
    `${SECRETS}disable_cloudwatch_agent = true\npoweroff_delay = 150\ndomain_name = "us.spacelift.io"\n`,
    5241 + 332 + 3 + 3,
  ],
  [
    'aws-v7.1.0',
    `secret_env_var_arns = { NAME = "${ARN}" }\nconfiguration = "x"\n`,
    4929 + 1 + 94 + 4 + ARN.length + 2,
  ],
  // Self-hosted, by inputs that were measured one at a time.
  [
    'aws-v6.0.3',
    `configuration = "x"\nselfhosted_configuration = { ${SELF_HOSTED}, https_proxy_config = "http://p", ca_certificates = ["ab", "cd"] }\n`,
    6393 + 2 + 6 * 8 + 109 + 2 * (62 + 2),
  ],
  // boot.bytes_by_exit_behavior
  ['azure-v3.0.0', 'configuration = ""\n', 6569],
  ['azure-v2.1.0', 'configuration = ""\n', 6569],
  ['azure-v3.0.0', 'configuration = ""\nprocess_exit_behavior = "Shutdown"\n', 6577],
  ['azure-v3.0.0', 'configuration = ""\nprocess_exit_behavior = "None"\n', 6405],
  ['azure-v3.0.0', 'configuration = format("%44224s", "")\n', 65_533],
  ['gcp-v1.5.2', 'configuration = ""\n', 3810],
  ['gcp-v2.0.0', 'configuration = "aä€"\ndomain_name = "us.spacelift.io"\n', 3810 + 6 + 3],
];

testWith('terraform')('the user data of a stand-in is as long as the facts of its release say', async () => {
  const folder = await temporaryFolder();
  for (const release of new Set(CASES.map(([each]) => each))) {
    await writeVendorModule(path.join(folder, 'stand-ins', release), release);
  }
  const calls = CASES.map(
    ([release, given], index) =>
      `module "case_${index}" {\nsource = "./stand-ins/${release}"\n${USUAL[release.replace(/-.*/, '') as Cloud]}${given}}\n`,
  );
  await writeFile(path.join(folder, 'main.tf'), `provider "azurerm" {\n  features {}\n}\n${calls.join('\n')}`);
  await offlineProviders(folder);
  await terraformOrThrow(folder, 'init', '-backend=false', '-input=false');
  await refuseDiagnostics(folder, 'apply', '-auto-approve', '-input=false');
  const applied = readConfigurations(JSON.parse(await terraformOrThrow(folder, 'show', '-json')) as State, []);
  const found = CASES.map(([release, given], index) => {
    return [release, given, Buffer.byteLength(applied[`case_${index}`]?.userData ?? '')];
  });
  expect(found).toEqual(CASES);
});
