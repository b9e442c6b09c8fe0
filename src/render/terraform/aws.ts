import { BUNDLE_FILE } from '../../ca-bundle/index.ts';
import { CSR_FILE } from '../../pki/index.ts';
import { UserError } from '../../step/errors.ts';
import type { Values } from '../../step/input.ts';
import type { Plan, Planner } from '../../step/plan.ts';
import { BLANK, block, expression, type Item, reference, type Value } from '../hcl.ts';
import { type awsInputs, SPOT_RISK } from './aws-inputs.ts';
import { awsSecrets } from './aws-secrets.ts';
import { renderBootScript } from './boot-script.ts';
import { fleetVariables } from './fleet-variables.ts';
import { ec2Architecture, floorWarning, refuseMismatch } from './machines.ts';
import { checkInputs, moduleFor } from './modules.ts';
import { configurationFrom, planRootModule } from './plan.ts';
import { otherDomain, poolFor, refuseFedRamp } from './pool.ts';
import { settingsFor } from './settings.ts';
import { type CloudTrust, trustFor } from './trust.ts';
import { use, type Variable } from './variables.ts';

type Given = Values<typeof awsInputs>;

/** Plans the root module for AWS. @throws UserError `SPACECTL_BAD_INPUT` where answers contradict each other */
export async function planAws(given: Given, planner: Planner): Promise<Plan> {
  const module = moduleFor('aws', given['module-version']);
  await refuseContradictions(given, planner);
  const pool = await poolFor(given, planner);
  const secrets = awsSecrets(module, pool, given.dir);
  const trust = await trustFor('aws', given, planner);
  const boot = await renderBootScript({
    cloud: 'aws',
    settings: settingsFor(given.env, trust),
    delivery: trust?.delivery,
  });
  const upload = trust?.upload ? storeInS3(pool.slug) : undefined;
  const api = given.autoscaler ? apiCredentials(pool.slug) : undefined;
  const hostTrust = hostTrustFor(given, trust, 'ca_bundle' in module.inputs);
  const inputs = checkInputs(
    module,
    {
      worker_pool_id: pool.id,
      ...secrets.inputs,
      configuration: configurationFrom(upload ? [upload.source] : []),
      vpc_subnets: use('subnets'),
      security_groups: use('security_groups'),
      ami_architecture: given.arch,
      ami_id: given['machine-image'],
      ec2_instance_type: use('instance_type'),
      min_size: use('min_size'),
      max_size: use('max_size'),
      domain_name: otherDomain(given),
      instance_market_options: given.spot ? spotOptions(given['spot-max-price']) : undefined,
      instance_refresh: given['instance-refresh'] ? REFRESH : undefined,
      ca_bundle: hostTrust,
      selfhosted_configuration: selfHosted(given),
      ...api?.inputs,
      autoscaling_configuration: given.autoscaler
        ? { architecture: 'amd64', schedule_expression: 'rate(1 minute)', max_create: 1, max_terminate: 1 }
        : undefined,
    },
    given['module-input'],
  );
  const spotComment = given.spot
    ? [`Spot instances, accepted with --accept-spot-risk.\n${SPOT_RISK.replaceAll('. ', '.\n')}`]
    : [];
  return planRootModule(
    {
      title: 'Spacelift worker pool on AWS',
      requiredVersion: secrets.requiredVersion,
      providers: { aws: { source: 'hashicorp/aws', version: '~> 6.0' }, ...pool.providers },
      variables: [...variablesFor(given), ...pool.variables, ...secrets.variables, ...(api?.variables ?? [])],
      main: [
        block('provider', ['aws'], { region: use('region') }),
        ...pool.main,
        ...secrets.main,
        ...(upload?.main ?? []),
        ...spotComment,
        block('module', ['workers'], { source: module.source }, BLANK, inputs),
      ],
      outputs: { worker_pool_id: { description: 'Id of the worker pool', value: pool.id } },
      readme: [
        `Module ${module.source}; boot script in configuration.sh, pasted into the user data.`,
        'Put the secrets into Secrets Manager first (the commands are printed by spacectl), then: terraform init && terraform apply.',
        'Works with OpenTofu. No secret is in these files; see terraform.tfvars.example for what can be set.',
      ],
    },
    {
      cloud: 'aws',
      module,
      dir: given.dir,
      boot,
      beside: { [CSR_FILE]: pool.csr, [BUNDLE_FILE]: trust?.upload },
      warnings: warningsFor(given),
      secrets: [...secrets.commands, ...(api?.commands ?? [])],
    },
    planner,
  );
}

const REFRESH: Value = {
  strategy: 'Rolling',
  preferences: { min_healthy_percentage: 50, instance_warmup: 60 },
  triggers: ['tag'],
};

async function refuseContradictions(given: Given, planner: Planner): Promise<void> {
  if (given.spot && !given['accept-spot-risk']) {
    throw bad(`--spot needs --accept-spot-risk: ${SPOT_RISK}`);
  }
  if (given['min-size'] > given['max-size']) {
    throw bad(`--min-size ${given['min-size']} is more than --max-size ${given['max-size']}`);
  }
  const type = given['instance-type'];
  const alternative = `--arch ${ec2Architecture(type)}, or --instance-type ${given.arch === 'arm64' ? 't4g.small' : 't3.small'}`;
  refuseMismatch(type, ec2Architecture(type), given.arch, alternative);
  const image = given['machine-image'];
  if (image !== undefined && !/^ami-[0-9a-f]{8,17}$/.test(image)) throw bad(`--machine-image: "${image}" is no AMI`);
  const unsafe = given.env.find(([, value]) => /["'\\$`\n]/.test(value));
  if (unsafe) {
    throw bad(`--env ${unsafe[0]}: the module writes the environment to a file that mangles quotes, backslashes and $`);
  }
  if (!given['self-hosted-launcher']) {
    const way = 'Copy the FedRAMP launcher to S3 and give --self-hosted-launcher s3://BUCKET/KEY';
    await refuseFedRamp(given, planner, [way]);
  }
}

function warningsFor(given: Given): readonly string[] {
  const scales = given.autoscaler && given['min-size'] > 0;
  return [
    ...floorWarning(given['instance-type'], given.arch === 'arm64' ? 't4g.small' : 't3.small'),
    ...(scales ? ['With the autoscaler, --min-size above 0 keeps it from scaling in: 0 is what works'] : []),
    ...(given.spot ? [SPOT_RISK] : []),
    ...(given['instance-refresh'] && !given.autoscaler
      ? [
          'Without an API key (--autoscaler) nothing drains a worker before its instance is replaced: runs on it are lost',
        ]
      : []),
    ...(given['trust-on-host']
      ? ['ca_bundle is what the host trusts; runner containers trust what is mounted into them']
      : []),
  ];
}

function hostTrustFor(given: Given, trust: CloudTrust | undefined, isKnown: boolean): Value | undefined {
  if (!given['trust-on-host']) return undefined;
  if (!isKnown) throw bad('--trust-on-host needs module v7.1: earlier ones have no ca_bundle');
  if (!trust) throw bad('--trust-on-host needs a bundle in the folder: spacectl ca-bundle build');
  return Buffer.from(trust.certificates).toString('base64');
}

function variablesFor(given: Given): readonly Variable[] {
  return [
    ...fleetVariables(given),
    { name: 'min_size', type: 'number', description: 'Fewest workers', value: given['min-size'], example: 0 },
    { name: 'max_size', type: 'number', description: 'Most workers', value: given['max-size'], example: 5 },
  ];
}

function spotOptions(maxPrice: string | undefined): Value {
  return {
    market_type: 'spot',
    // Auto-scaling groups take no other kind of request.
    spot_options: {
      max_price: maxPrice,
      spot_instance_type: 'one-time',
      instance_interruption_behavior: 'terminate',
    },
  };
}

function selfHosted(given: Given): Value | undefined {
  const uri = given['self-hosted-launcher'];
  if (uri === undefined) return undefined;
  const settings = Object.fromEntries(given.env);
  return {
    s3_uri: uri,
    http_proxy_config: settings['HTTP_PROXY'],
    https_proxy_config: settings['HTTPS_PROXY'],
    no_proxy_config: settings['NO_PROXY'],
  };
}

/** The autoscaler's API key: its secret in Parameter Store, by reference. */
function apiCredentials(slug: string) {
  const name = `/spacelift/${slug}/api-key-secret`;
  return {
    variables: [
      {
        name: 'spacelift_api_key_endpoint',
        type: 'string',
        description: 'Address of the Spacelift account',
        example: 'https://example.app.spacelift.io',
        pattern: ['^https://', 'an https address'],
      },
      {
        name: 'spacelift_api_key_id',
        type: 'string',
        description: 'Id of the API key',
        example: '01HCC6QZ932J7WDF4FTVM9QMEP',
      },
      {
        name: 'api_key_parameter_arn',
        type: 'string',
        description: `ARN of the parameter ${name} in Parameter Store, which holds the API key's secret`,
        example: `arn:aws:ssm:eu-west-1:123456789012:parameter${name}`,
        pattern: ['^arn:aws[a-z-]*:ssm:', 'the ARN of a parameter'],
      },
    ] satisfies Variable[],
    inputs: {
      spacelift_api_credentials: {
        api_key_id: use('spacelift_api_key_id'),
        api_key_endpoint: use('spacelift_api_key_endpoint'),
      },
      byo_ssm: { name, arn: use('api_key_parameter_arn') },
    },
    commands: [
      `Put the API key's secret into a file of mode 0600, then: aws ssm put-parameter --type SecureString --name ${name} --value file://FILE`,
    ],
  };
}

/** A bucket for the bundle, which every principal of the account may read: it is no secret. */
function storeInS3(slug: string): { main: readonly Item[]; source: Value } {
  const policy = {
    Version: '2012-10-17',
    Statement: [
      {
        Effect: 'Allow',
        Principal: '*',
        Action: 's3:GetObject',
        Resource: expression`"\${aws_s3_bucket.ca.arn}/*"`,
        Condition: {
          StringEquals: { 'aws:PrincipalAccount': reference('data.aws_caller_identity.current.account_id') },
        },
      },
    ],
  };
  return {
    main: [
      block('data', ['aws_caller_identity', 'current']),
      'The CA bundle is no secret: whoever belongs to this account may read it, and the boot script checks its digest.',
      block('resource', ['aws_s3_bucket', 'ca'], { bucket_prefix: `${`spacelift-ca-${slug}`.slice(0, 36)}-` }),
      block('resource', ['aws_s3_bucket_policy', 'ca'], {
        bucket: reference('aws_s3_bucket.ca.id'),
        policy: expression`jsonencode(${policy})`,
      }),
      block('resource', ['aws_s3_object', 'ca'], {
        bucket: reference('aws_s3_bucket.ca.id'),
        key: BUNDLE_FILE,
        source: expression`"\${path.module}/${reference(BUNDLE_FILE)}"`,
        source_hash: expression`filemd5("\${path.module}/${reference(BUNDLE_FILE)}")`,
      }),
    ],
    source: expression`"spacectl_ca_source=s3://\${aws_s3_bucket_policy.ca.bucket}/\${aws_s3_object.ca.key}"`,
  };
}

function bad(message: string): UserError {
  return new UserError('SPACECTL_BAD_INPUT', message);
}
