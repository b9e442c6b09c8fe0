import { type Filling, fillBootTemplates } from './templates.ts';
import type { Cloud } from './world.ts';

/** A release of one of Spacelift's modules, as far as a boot knows it. */
export interface Release {
  readonly cloud: Cloud;
  readonly version: string;
  readonly isSelfHosted?: boolean;
  /** The template in test/fixtures/boot that behaves like the release's own. */
  readonly template: string;
}

/** The releases of which the boot script was read. */
export const RELEASES = {
  'AWS v6.0.3': { cloud: 'aws', version: 'v6.0.3', template: 'aws-saas' },
  'AWS v6.0.3 self-hosted': { cloud: 'aws', version: 'v6.0.3', isSelfHosted: true, template: 'aws-selfhosted' },
  'AWS v5.6.5': { cloud: 'aws', version: 'v5.6.5', template: 'aws-saas-5' },
  'Azure v3.0.0': { cloud: 'azure', version: 'v3.0.0', template: 'azure' },
  'Azure v2.1.0': { cloud: 'azure', version: 'v2.1.0', template: 'azure-2' },
  'GCP v1.5.2': { cloud: 'gcp', version: 'v1.5.2', template: 'gcp' },
} as const satisfies Readonly<Record<string, Release>>;

export type ReleaseName = keyof typeof RELEASES;

export const NAMES = Object.keys(RELEASES) as ReleaseName[];

/** Where a self-hosted installation keeps its launcher. */
export const SELF_HOSTED_LAUNCHER = 's3://self-hosted/spacelift-launcher';

/** What a module is given that matters for its user data. */
export interface ModuleInputs {
  readonly release: ReleaseName;
  /** The module's `configuration`. */
  readonly configuration: string;
  /** AWS: the lines that the module puts before it for secrets of `byo_secretsmanager`. */
  readonly secretLines?: string;
  /** Inputs of the template that differ from the module's defaults. */
  readonly more?: Readonly<Record<string, unknown>>;
}

const DEFAULTS: Readonly<Record<string, Readonly<Record<string, unknown>>>> = {
  aws: { domain_name: 'spacelift.io', poweroff_delay: 15, region: 'eu-west-1', disable_cloudwatch_agent: false },
  selfHosted: {
    run_launcher_as_spacelift_user: true,
    launcher_s3_uri: SELF_HOSTED_LAUNCHER,
    http_proxy_config: '',
    https_proxy_config: '',
    no_proxy_config: '',
    ca_certificates: [],
    region: 'eu-west-1',
    power_off_on_error: true,
    disable_cloudwatch_agent: false,
  },
  azure: { domain_name: 'spacelift.io', process_exit_behavior: 'Reboot', perform_unattended_upgrade_on_boot: true },
  gcp: { domain_name: 'spacelift.io' },
};

/** The variables of a release's template (terraform-aws-spacelift-workerpool-on-ec2, asg.tf@e09770e, for AWS). */
export function templateVariables({ release, configuration, secretLines = '', more }: ModuleInputs) {
  const { cloud, isSelfHosted }: Release = RELEASES[release];
  const defaults = DEFAULTS[isSelfHosted ? 'selfHosted' : cloud];
  if (cloud !== 'aws') return { ...defaults, configuration, ...more };
  // Of what the self-hosted template gets only the module's own lines are escaped for the here-document.
  const lines = isSelfHosted ? secretLines.replaceAll('$', '\\$') : secretLines;
  return { ...defaults, custom_user_data: `${lines}\n${configuration}`, ...more };
}

/** The user data that modules make of their inputs, by any name: for Azure, the script around the worker's. */
export async function fillModules<Name extends string>(
  inputs: Readonly<Record<Name, ModuleInputs>>,
): Promise<Record<Name, string>> {
  const fillings = mapValues(inputs, (each): Filling => {
    return { template: fixture(RELEASES[each.release].template), variables: templateVariables(each) };
  });
  const texts = await fillBootTemplates(fillings);
  const azure = Object.entries<string>(texts).filter(([name]) => inputs[name as Name].release.startsWith('Azure'));
  const outer = azure.map(([name, text]): [string, Filling] => {
    const variables = { worker_script: Buffer.from(text).toString('base64') };
    return [name, { template: fixture('azure-outer'), variables }];
  });
  return { ...texts, ...(await fillBootTemplates(Object.fromEntries(outer))) };
}

/** The exports that AWS's module puts before `configuration` (secure_strings.tf@e09770e). */
export function awsSecretLines(secret: string, keys: readonly string[]): string {
  const command = `aws secretsmanager get-secret-value --secret-id ${secret} --query SecretString --output text`;
  const exports = keys.map((key) => `export ${key}=$(echo $SECRET_VALUE | jq -r '.${key}')`);
  return [`export SECRET_VALUE=$(${command})`, ...exports].join('\n');
}

function fixture(name: string): string {
  return `test/fixtures/boot/${name}.tftpl`;
}

function mapValues<Name extends string, From, To>(from: Readonly<Record<Name, From>>, map: (value: From) => To) {
  return Object.fromEntries(Object.entries<From>(from).map(([name, value]) => [name, map(value)])) as Record<Name, To>;
}
