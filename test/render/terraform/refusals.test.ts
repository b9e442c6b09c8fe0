// biome-ignore-all lint/suspicious/noTemplateCurlyInString: Terraform's references are what is tested
import { expect, test } from 'vitest';
import { UserError } from '../../../src/core/errors.ts';
import { suggestionLine } from '../../../src/core/suggestion.ts';
import { ecs } from '../../../src/render/ecs/step.ts';
import { TERRAFORM_STEPS } from '../../../src/render/terraform/clouds.ts';
import { type Pool, planPool, planStep, withBundle } from '../../services/render.ts';

const STEPS = { ...TERRAFORM_STEPS, ecs };
const pool: Pool = planPool();

const SELF_HOSTED = ['--self-hosted-launcher', 's3://bucket/launcher'];
const URL_TO_POLL = ['--worker-comms-url', 'https://spacelift.example.com'];

/** The whole of the vendor's roots, as Node brings them along: larger than most boot data may be. */
const large = withBundle(pool, ['--source', 'mozilla']);

test.each([
  ['spot without the confirmation', 'aws', ['--spot'], 2, '--accept-spot-risk'],
  ['arm64 on an x86_64 instance type', 'aws', ['--arch', 'arm64', '--instance-type', 't3.small'], 2, 't4g.small'],
  ['x86_64 on a Graviton instance type', 'aws', ['--instance-type', 'c7gn.large'], 2, 'arm64'],
  ['arm64 on Azure, for which Spacelift has no image', 'azure', ['--vm-size', 'Standard_D2ps_v5'], 2, 'arm64'],
  ['a mistyped module input', 'aws', ['--module-input', 'volum_size=80'], 2, 'did you mean volume_size?'],
  ['a module input of another type', 'aws', ['--module-input', 'volume_size=big'], 2, 'takes a number, not "big"'],
  ['a mistyped name within a module input', 'aws', ['--module-input', 'byo_ssm={"nam":"x"}'], 2, 'did you mean name?'],
  [
    'a module input of v7 on v6',
    'aws',
    ['--module-version', '6.0.3', '--module-input', 'ca_bundle=x'],
    2,
    'no input ca_bundle',
  ],
  ['a module input that spacectl sets', 'aws', ['--module-input', 'min_size=3'], 2, 'sets this itself'],
  ['an unknown release', 'aws', ['--module-version', '5.0.0'], 2, 'v6.0.3, v8.2.0, v7.2.0, v7.1.0'],
  ["another cloud's object store", 'aws', ['--ca-delivery', 'gcs'], 2, '--ca-delivery s3'],
  ['a whole bundle in EC2 user data', 'aws', ['--ca-delivery', 'inline'], 65, 'of the 16,384 bytes'],
  ["a whole bundle in Azure's custom data", 'azure', ['--ca-delivery', 'inline'], 65, 'of the 65,535 bytes'],
  ['a value that the module would mangle', 'aws', ['--env', 'GREETING="hi"'], 2, 'GREETING'],
  ['a pool id that is none', 'aws', ['--pool-id', '"${x}"'], 2, 'the ID of a worker pool'],
  ['fewer at most than at least', 'aws', ['--min-size', '9'], 2, '--max-size 5'],
  ['FedRAMP without the URL to poll', 'gcp', ['--environment', 'fedramp'], 2, '--worker-comms-url'],
  ['a launcher of a self-hosted installation without it', 'aws', [...SELF_HOSTED], 2, '--worker-comms-url'],
  ["root's work on self-hosted hosts", 'aws', [...SELF_HOSTED, ...URL_TO_POLL], 2, 'run_launcher_as_spacelift_user'],
  ["a value that Azure's module would change", 'azure', ['--env', 'GREETING=a '], 2, 'spaces at the ends'],
  [
    'a subnetwork on a release that is not known to take one',
    'gcp',
    ['--module-version', 'v2.0.0', '--subnetwork', 'x'],
    2,
    'v1.5.2',
  ],
  [
    'an attribute that Terraform would drop',
    'aws',
    ['--module-version', 'v7.2.0', '--module-input', 'env_vars={"A":{"secret_arn":"x"}}'],
    2,
    'has no secret_arn',
  ],
  [
    'an attribute that spacectl sets',
    'aws',
    ['--module-version', 'v7.2.0', '--module-input', 'env_vars={"SPACELIFT_TOKEN":{"value":"x"}}'],
    2,
    'sets its SPACELIFT_TOKEN itself',
  ],
  [
    'a self-hosted launcher that only the module would know of',
    'aws',
    ['--module-input', 'selfhosted_configuration={"s3_uri":"s3://b/k"}'],
    2,
    '--self-hosted-launcher s3://b/k',
  ],
  [
    'a proxy that the self-hosted script would evaluate',
    'aws',
    [...SELF_HOSTED, ...URL_TO_POLL, '--ca-delivery', 'none', '--env', 'HTTPS_PROXY=http://u:p$HOME@h:1'],
    2,
    'HTTPS_PROXY',
  ],
  [
    'a line that ends the self-hosted script',
    'aws',
    [...SELF_HOSTED, ...URL_TO_POLL, '--ca-delivery', 'none', '--env', 'A=x\nEOF\ny'],
    2,
    'a line EOF',
  ],
  ['a carriage return in the environment file', 'azure', ['--env', 'A=x\rB=1'], 2, '--env A'],
  [
    'a domain that only the module would know of',
    'gcp',
    ['--module-input', 'domain_name=us.spacelift.io'],
    2,
    '--domain',
  ],
  [
    'an autoscaler that nobody gives an API key',
    'aws',
    ['--module-input', 'autoscaling_configuration={"max_create":2}'],
    2,
    '--autoscaler',
  ],
  ['a refresh that nobody gives an API key', 'aws', ['--module-input', 'instance_refresh={}'], 2, '--instance-refresh'],
  [
    'secrets that the module excludes beside ours',
    'aws',
    ['--module-input', 'secure_env_vars={"A":"b"}'],
    2,
    'refuses it together with',
  ],
  [
    "variables that a secret of the user's excludes",
    'aws',
    [
      '--module-version',
      'v7.1.0',
      '--module-input',
      'byo_secretsmanager={"name":"x","arn":"y","keys":["SPACELIFT_TOKEN","SPACELIFT_POOL_PRIVATE_KEY"]}',
      '--module-input',
      'env_vars={"A":{"value":"b"}}',
    ],
    2,
    'refuses it together with',
  ],
  ['a name that every object has', 'aws', ['--module-input', 'constructor=x'], 2, 'no input constructor'],
  ['a number that is none', 'aws', ['--module-input', 'volume_size=1e400'], 2, 'takes a number'],
  ['a number of workers beside the autoscaler', 'azure', ['--autoscaler', '--size', '3'], 2, '--size'],
  ['an end with which no script runs', 'azure', ['--module-input', 'process_exit_behavior=None'], 2, 'Shutdown'],
  ['an object without what it needs', 'aws', ['--module-input', 'byo_ssm={"name":"x"}'], 2, 'needs arn'],
  [
    "a secret of the user's that lacks the key",
    'aws',
    ['--module-input', 'byo_secretsmanager={"name":"x","arn":"y","keys":[]}'],
    2,
    'SPACELIFT_TOKEN, SPACELIFT_POOL_PRIVATE_KEY',
  ],
  ['a private key for a public one', 'azure', ['--admin-public-key', 'test/services/launcher.c'], 65, '.pub'],
] as const)('render terraform refuses %s', async (_title, cloud, flags, exitCode, message) => {
  const error = await planStep(STEPS[cloud], await large, flags).catch((each: unknown) => each);
  expect(error).toBeInstanceOf(UserError);
  const { exitCode: code, message: said, suggestions } = error as UserError;
  expect(code).toBe(exitCode);
  expect([said, ...suggestions.map(suggestionLine)].join('\n')).toContain(message);
});

test.each([
  ['too small', 'aws', ['--instance-type', 't3.micro'], 'less than the 2 GB'],
  ['too small', 'azure', ['--vm-size', 'Standard_B1s'], 'Standard_B2S has enough'],
  ['too small', 'gcp', ['--machine-type', 'e2-small'], 'e2-medium has enough'],
  ['too small', 'ecs', ['--instance-type', 't2.small'], 't3.small has enough'],
  ['a minimum with the autoscaler', 'aws', ['--autoscaler', '--min-size', '1'], '--min-size above 0'],
  ['whose API key a refresh needs', 'aws', ['--instance-refresh'], 'admin rights'],
  ['whose API key the autoscaler needs', 'azure', ['--autoscaler'], 'admin rights'],
  [
    "a role of the user's own that can read the API key",
    'aws',
    ['--autoscaler', '--module-input', 'create_iam_role=false'],
    "Deny your own IAM role to read the API key's parameter",
  ],
  ['MQTT', 'gcp', ['--worker-comms', 'mqtt'], 'end of 2026'],
  ['a release that was not read', 'aws', ['--module-version', '7.2.0'], 'Not verified'],
  ['spot', 'aws', ['--spot', '--accept-spot-risk'], "two minutes' notice"],
  ['a password in the configuration', 'aws', ['--env', 'HTTPS_PROXY=http://u:p@proxy:3128'], 'a URL with a password'],
  ['host trust is not container trust', 'aws', ['--trust-on-host'], 'runner containers trust the mounted CA bundle'],
  ['host trust is not container trust', 'gcp', ['--trust-on-host'], 'runner containers trust the mounted CA bundle'],
  ["the autoscaler's secret in the state", 'azure', ['--autoscaler'], 'stores its secret in the state'],
] as const)('render terraform warns of %s on %s', async (_title, cloud, flags, message) => {
  const { warnings } = await planStep(STEPS[cloud], await large, flags);
  expect(warnings?.join('\n')).toContain(message);
});

test('host trust without a bundle is refused, and so is a builder of bundles that an unread script has no room for', async () => {
  const bare = planStep(STEPS.aws, planPool(), ['--trust-on-host']);
  await expect(bare).rejects.toThrow('no CA bundle');
  const asRoot = ['--module-input', 'selfhosted_configuration={"run_launcher_as_spacelift_user":false}'];
  const unread = planStep(STEPS.aws, await withBundle(pool), [
    '--module-version',
    'v7.1.0',
    ...SELF_HOSTED,
    ...URL_TO_POLL,
    ...asRoot,
  ]);
  await expect(unread).rejects.toMatchObject({ code: 'SPACECTL_TOO_LARGE' });
});

test('pools of different names share no secret', async () => {
  const names = ['build-eu', 'build eu', 'Build_EU', 'ワーカー', '-', `${'a'.repeat(45)}b`, `${'a'.repeat(45)}c`];
  const secrets = names.map(async (name) => {
    const { next } = await planStep(STEPS.gcp, pool, ['--pool-name', name]);
    return /gcloud secrets create (\S+)/.exec(JSON.stringify(next))?.[1];
  });
  const found = await Promise.all(secrets);
  expect(found[0]).toBe('spacelift-build-eu-private-key');
  expect(new Set(found).size).toBe(names.length);
});

test('an environment other than that of the token is warned of, and an assumed one is said', async () => {
  const token = Buffer.from(JSON.stringify({ broker: { endpoint: 'worker-iot.us.spacelift.io' } })).toString('base64');
  const flags = ['--pool-id', '01HCC6QZ932J7WDF4FTVM9QMEP'];
  const other = await planStep(STEPS.gcp, planPool({ token }), [...flags, '--environment', 'standard']);
  expect(other.warnings).toContainEqual(expect.stringContaining("the pool's token is for the us environment"));
  const assumed = await planStep(STEPS.gcp, planPool(), flags);
  expect(assumed.notes).toContainEqual(expect.stringContaining('workers will poll https://app.spacelift.io'));
  const known = await planStep(STEPS.gcp, planPool({ token }), flags);
  expect(known.notes?.join('\n')).not.toContain('will poll');
});

test('a secret in a module input is for the user alone, and no file says that there is none', async () => {
  const flags = [
    '--module-version',
    'v7.2.0',
    '--module-input',
    'env_vars={"PW":{"value":"hunter2","sensitive":true}}',
  ];
  const { changes, warnings } = await planStep(STEPS.aws, pool, flags);
  const file = (name: string) => changes.find((each) => each.kind === 'file' && each.path.endsWith(name));
  expect(file('main.tf')).toMatchObject({ mode: 0o600, isSecret: true });
  const readme = file('README.md');
  const text = readme?.kind === 'file' ? Buffer.from(await readme.content.bytes()).toString() : '';
  expect(text).not.toContain('These files hold no secrets');
  expect(text).toContain('Not verified:');
  expect(warnings?.join('\n')).toContain('env_vars is written to main.tf');
});

test.each([
  ['aws', ['--arch', 'amd64'], 'x86_64'],
  ['aws', ['--arch', 'aarch64'], 'arm64'],
  ['aws', ['--arch', 'arm64'], 'arm64'],
] as const)('architectures go by all their names, and are shown by one: %s %j', async (cloud, flags, arch) => {
  const { changes } = await planStep(STEPS[cloud], pool, flags);
  const main = changes.find((change) => change.kind === 'file' && change.path.endsWith('main.tf'));
  const text = main?.kind === 'file' ? Buffer.from(await main.content.bytes()).toString() : '';
  expect(text).toMatch(new RegExp(`ami_architecture += "${arch}"`));
});

test.each(['aws', 'azure', 'gcp'] as const)(
  "on %s the launcher comes from the region of the pool's token",
  async (cloud) => {
    const token = Buffer.from(JSON.stringify({ broker: { endpoint: 'worker-iot.us.spacelift.io' } })).toString(
      'base64',
    );
    const { changes } = await planStep(STEPS[cloud], planPool({ token }), ['--pool-id', '01HCC6QZ932J7WDF4FTVM9QMEP']);
    const main = changes.find((change) => change.kind === 'file' && change.path.endsWith('main.tf'));
    const text = main?.kind === 'file' ? Buffer.from(await main.content.bytes()).toString() : '';
    expect(text).toMatch(/domain_name += "us.spacelift.io"/);
  },
);
