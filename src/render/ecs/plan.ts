import path from 'node:path';
import { CSR_FILE } from '../../pki/index.ts';
import { readPoolToken, stepsToToken } from '../../pool-folder/index.ts';
import type { Values } from '../../step/input.ts';
import type { Plan, Planner } from '../../step/plan.ts';
import { enforce } from '../../step/rule.ts';
import { smallestFor } from '../cloud/aws/instance-type.ts';
import { regionWarnings } from '../cloud/aws/region.ts';
import { inRegion, nameOf } from '../cloud/aws/secrets-manager.ts';
import { applyingSections, credentialsStep } from '../cloud/before-applying.ts';
import { describeBootData } from '../cloud/boot-data.ts';
import { BOOT_FILE, type Boot } from '../cloud/boot-script.ts';
import { configurationFiles, unanswered } from '../cloud/configuration-files.ts';
import { renderFitting } from '../cloud/fitting.ts';
import { minimumWarning } from '../cloud/machines.ts';
import { applyingStep, storingSteps } from '../cloud/next-steps.ts';
import { poolFor } from '../cloud/pool.ts';
import { trustFor } from '../cloud/trust.ts';
import { checkEnvironment, commsWarnings, renderWithComms } from '../comms/variables.ts';
import { reference } from '../format/hcl/hcl.ts';
import { formatRootModule } from '../format/hcl/root-module.ts';
import { use } from '../format/hcl/variables.ts';
import { joinMounts } from '../host/launcher-settings.ts';
import { passwordWarnings } from '../host/url-password.ts';
import type { ecsInputs } from './inputs.ts';
import { instances } from './instances.ts';
import { baseName, type EcsNames } from './names.ts';
import { registeringSteps, unansweredInTask } from './registering.ts';
import { roles } from './roles.ts';
import { ecsRules } from './rules.ts';
import { ecsSecrets } from './secrets.ts';
import { service, taskDefinition } from './service.ts';
import { taggingProvider, tagsByKey } from './tags.ts';
import { taskDefinitionJson } from './task-definition.ts';
import { measureUserData } from './user-data.ts';
import { variablesFor } from './variables.ts';
import { warningsFor } from './warnings.ts';

type Given = Values<typeof ecsInputs>;
/** Variables by name, or files. */
type Texts = Readonly<Record<string, string>>;

/** Plans the Terraform configuration and the plain JSON. @throws UserError `SPACECTL_BAD_INPUT` if answers contradict each other */
export async function planEcs(given: Given, planner: Planner): Promise<Plan> {
  enforce(ecsRules, given);
  const tags = tagsByKey(given.tag);
  const pool = await poolFor(given, planner);
  const trust = await trustFor('aws', { dir: given.dir, 'ca-delivery': 'host' }, planner);
  const own = joinMounts(given.env, trust?.mounts ?? []);
  const names: EcsNames = {
    slug: pool.slug,
    arch: given.arch,
    launchType: given['launch-type'],
    strategy: given.strategy,
  };
  const script: Boot = {
    cloud: 'aws',
    settings: {},
    delivery: trust?.delivery,
    secrets: 'none',
    stop: 'spacectl_stop',
    ecs: { isSpot: given.spot },
  };
  const { boot, bootData } = await renderFitting(script, measureUserData(baseName(names)), { hasStore: false });
  const kmsKey = given['kms-key-arn'] === undefined ? undefined : use('kms_key_arn');
  const secrets = ecsSecrets(pool, given.dir, given['kms-key-arn']);
  const storing = [...inRegion(given.region), ...secrets.commands];
  const requiredVersion = '>= 1.5';
  const folder = path.join(given.dir, 'ecs');
  const variables = [...variablesFor(given), ...pool.variables, ...secrets.variables];
  const missing = unanswered(variables, folder);
  const logGroup = `/spacelift/${pool.slug}`;
  const jsonFor = (settings: Texts) =>
    taskDefinitionJson({
      family: `spacelift-${pool.slug}`,
      arch: given.arch,
      launchType: given['launch-type'],
      settings,
      stopTimeout: given['stop-timeout'],
      tokenSecret: given['token-secret-arn'] ?? placeholderArn(given.region, nameOf(pool, { name: 'token' })),
      keySecret: given['private-key-secret-arn'] ?? placeholderArn(given.region, nameOf(pool, { name: 'private_key' })),
      executionRole: given['execution-role-arn'] ?? 'arn:aws:iam::ACCOUNT:role/ROLE',
      logGroup,
      region: given.region ?? 'REGION',
    });
  const filesFor = (settings: Texts): Texts => ({
    ...formatRootModule({
      title: 'Spacelift worker pool on ECS (EC2 launch type)',
      requiredVersion,
      providers: { aws: { source: 'hashicorp/aws', version: '~> 6.0' }, ...pool.providers },
      variables,
      main: [
        taggingProvider(tags),
        ...pool.main,
        ...secrets.main,
        ...roles(names, secrets.arns, {
          kmsKey,
          permissionsBoundary: given['permissions-boundary-arn'],
          hasSessionManager: given['session-manager'],
        }),
        ...instances(names, {
          volumeSize: given['volume-size'],
          kmsKey,
          tags,
          isSpot: given.spot,
          spotMaxPrice: given['spot-max-price'],
          isRefreshed: given['instance-refresh'],
        }),
        ...taskDefinition(names, settings, secrets.arns, given['stop-timeout']),
        ...service(names, tags),
      ],
      outputs: {
        worker_pool_id: { description: 'ID of the worker pool', value: pool.id },
        cluster_name: { description: 'Name of the cluster', value: reference('aws_ecs_cluster.workers.name') },
      },
      readme: [
        'Runs the launcher as a task on each instance of an Auto Scaling group; configuration.sh is the boot script of the instances.',
        'Replacing or destroying the cluster can fail with ResourceInUseException if a run takes more than ten minutes to finish. Run Terraform again after the run has finished.',
        'For a cluster and instances of your own: task-definition.json for aws ecs register-task-definition --cli-input-json.',
        '',
        ...applyingSections(requiredVersion, { pool, variables, secrets: storing }),
      ],
    }),
    [BOOT_FILE]: boot,
    'task-definition.json': jsonFor(settings),
  });
  // The warnings about the files do not depend on the environment that the token names.
  const files = filesFor(own);
  const contentOf = (name: string) =>
    renderWithComms(given, planner, (comms) => filesFor({ ...comms, ...own })[name] ?? '');
  const changes = await configurationFiles(folder, files, { [CSR_FILE]: pool.csr }, planner, { contentOf });
  const isTokenMissing =
    !pool.isCreated && given['token-secret-arn'] === undefined && !(await readPoolToken(given.dir, planner));
  return {
    changes,
    warnings: [
      ...commsWarnings(given),
      ...(await checkEnvironment(given, planner)).warnings,
      ...regionWarnings(given.region),
      ...minimumWarning(given['instance-type'], smallestFor(given.arch)),
      ...warningsFor(given),
      ...passwordWarnings(folder, files),
      ...(trust
        ? [
            'The host builds the CA bundle when an instance starts: replace the instances after the runner image changes',
          ]
        : []),
    ],
    notes: [describeBootData(bootData, 'aws')],
    next: [
      ...(isTokenMissing ? await stepsToToken(given.dir, planner, given['pool-id']) : []),
      ...storingSteps(storing),
      ...credentialsStep(pool),
      ...missing.next,
      applyingStep(folder),
      ...(pool.isCreated ? [] : registeringSteps(folder, given, logGroup)),
    ],
    facts: {
      folder: path.resolve(folder),
      strategy: given.strategy,
      arch: given.arch,
      bootData,
      hasPlaceholders: unansweredInTask(given).length > 0,
      missingVariables: missing.names,
    },
  };
}

function placeholderArn(region: string | undefined, name: string): string {
  return `arn:aws:secretsmanager:${region ?? 'REGION'}:ACCOUNT:secret:${name}`;
}
