import { BUNDLE_FILE } from '../../../ca-bundle/index.ts';
import { CSR_FILE } from '../../../pki/index.ts';
import type { Values } from '../../../step/input.ts';
import type { Plan, Planner } from '../../../step/plan.ts';
import { enforce } from '../../../step/rule.ts';
import { inRegion } from '../../cloud/aws/secrets-manager.ts';
import { SPOT_COMMENT } from '../../cloud/aws/spot.ts';
import { type Boot, renderBootScript } from '../../cloud/boot-script.ts';
import { otherDomain } from '../../cloud/environment.ts';
import { renderFitting } from '../../cloud/fitting.ts';
import { BLANK, block } from '../../format/hcl/hcl.ts';
import { use } from '../../format/hcl/variables.ts';
import { joinMounts } from '../../host/launcher-settings.ts';
import { measureBootData } from '../boot-data.ts';
import { joinInputs, moduleFor } from '../module-inputs.ts';
import { configurationFrom, planRootModule, type Rendered, type Sources } from '../plan.ts';
import { refuseUnusable, warningsFor } from './answers.ts';
import { apiKeyFor, scalingFor } from './api-key.ts';
import { CA_SOURCE_BYTES, storeInS3 } from './ca-bucket.ts';
import type { awsInputs } from './inputs.ts';
import { REFRESH, selfHosted, spotOptions, whitelistFor } from './instances.ts';
import { awsRules } from './rules.ts';
import { awsSecrets } from './secrets.ts';
import {
  escapesIn,
  forHereDocument,
  pastedCertificates,
  refuseHiddenLauncher,
  refuseRootWork,
  refuseUnsafeScript,
} from './self-hosted.ts';
import { hostTrustFor } from './trust-on-host.ts';
import { ownPartOnAws } from './user-data.ts';
import { variablesFor } from './variables.ts';

type Given = Values<typeof awsInputs>;

/** Plans the root module for AWS. @throws UserError `SPACECTL_BAD_INPUT` if answers contradict each other */
export async function planAws(given: Given, planner: Planner): Promise<Plan> {
  const module = moduleFor('aws', given['module-version']);
  enforce(awsRules, given);
  refuseUnusable(given, module);
  return planRootModule(module, given, planner, (sources) => render(given, sources));
}

async function render(given: Given, { module, own, token, comms, pool, trust }: Sources): Promise<Rendered> {
  const isSelfHosted = given['self-hosted-launcher'] !== undefined;
  const secrets = awsSecrets(module, { pool, dir: given.dir, comms, own });
  if (isSelfHosted) refuseUnsafeScript(given.env, own);
  else refuseHiddenLauncher(own);
  if (isSelfHosted) refuseRootWork(module, own, trust?.delivery !== undefined);
  const hasOwnRole = own['create_iam_role'] === false;
  const upload = trust?.upload ? storeInS3(pool.slug, hasOwnRole) : undefined;
  const api = given.autoscaler || given['instance-refresh'] ? apiKeyFor(pool.slug, hasOwnRole) : undefined;
  const statements = [...(upload?.statements ?? []), ...(api?.statements ?? [])];
  const hostTrust = hostTrustFor(given, module, trust);
  const settings = joinMounts([...given.env, ...whitelistFor(given)], trust?.mounts ?? []);
  const script: Boot = {
    cloud: 'aws',
    settings: { ...withoutComms(settings, comms), ...secrets.exported },
    delivery: trust?.delivery,
    hostTrust: hostTrust.byBootScript,
    secrets: 'module',
    stop: isSelfHosted ? 'exit 1' : module.boot.stop,
  };
  const configuration = configurationFrom(upload ? [upload.source] : []);
  const inputs = joinInputs(
    module,
    {
      set: {
        worker_pool_id: pool.id,
        ...secrets.inputs,
        configuration: isSelfHosted ? forHereDocument(configuration) : configuration,
        vpc_subnets: use('subnets'),
        security_groups: use('security_groups'),
        ami_architecture: given.arch,
        ami_id: given['machine-image'],
        ec2_instance_type: use('instance_type'),
        min_size: use('min_size'),
        max_size: use('max_size'),
        domain_name: otherDomain(given, token),
        instance_market_options: given.spot ? spotOptions(given['spot-max-price']) : undefined,
        selfhosted_configuration: selfHosted(given, hostTrust.certificates),
        ca_bundle: hostTrust.bundle,
        ...api?.inputs,
        extra_iam_statements: statements.length > 0 ? statements : undefined,
      },
      defaults: {
        // The groups have fixed names, so a second pool in the account and region would conflict (cloudwatch.tf@e09770e).
        manage_log_groups: false,
        autoscaling_configuration: given.autoscaler ? scalingFor(module) : undefined,
        instance_refresh: given['instance-refresh'] ? REFRESH : undefined,
      },
    },
    own,
  );
  const pasted = [...hostTrust.pasted, ...pastedCertificates(own)];
  const known = { region: given.region, nameBytes: secrets.nameBytes };
  const measureWith = (text: string, certificates: readonly string[] = pasted) =>
    measureBootData(module, {
      own: ownPartOnAws(module, inputs, { ...known, certificates }),
      configuration: Buffer.byteLength(text) + (isSelfHosted ? escapesIn(text) : 0) + (upload ? CA_SOURCE_BYTES : 0),
      isSelfHosted,
    });
  const measure = (text: string) => measureWith(text);
  const text = await renderBootScript(script);
  const { boot, bootData } = await renderFitting(script, measure, {
    ...(pasted.length > 0 && {
      pasted: { certificates: pasted, measure: (some) => measureWith(text, some) },
    }),
  });
  const spotComment = given.spot ? [SPOT_COMMENT] : [];
  return {
    root: {
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
      outputs: { worker_pool_id: { description: 'ID of the worker pool', value: pool.id } },
      readme: [`It calls Spacelift's module ${module.source}. configuration.sh becomes part of the user data.`],
    },
    boot,
    bootData,
    beside: { [CSR_FILE]: pool.csr, [BUNDLE_FILE]: trust?.upload },
    warnings: [...warningsFor(given), ...(upload?.warnings ?? []), ...(api?.warnings ?? []), ...hostTrust.warnings],
    secrets: [...inRegion(given.region), ...secrets.commands, ...(api?.commands ?? [])],
  };
}

/** Removes the comms variables, which are passed separately and include the user's. */
function withoutComms(settings: Readonly<Record<string, string>>, comms: Readonly<Record<string, string>>) {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !(name in comms)));
}
