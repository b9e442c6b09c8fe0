import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { readToken, type Token } from '../../pki/index.ts';
import { readPoolToken, stepsToToken, tokenFileIn } from '../../pool-folder/index.ts';
import { type Content, derive, known } from '../../step/content.ts';
import type { Values } from '../../step/input.ts';
import type { Plan, Planner } from '../../step/plan.ts';
import { applyingSections, credentialsStep } from '../cloud/before-applying.ts';
import { type BootData, describeBootData } from '../cloud/boot-data.ts';
import { BOOT_FILE } from '../cloud/boot-script.ts';
import { configurationFiles, unanswered } from '../cloud/configuration-files.ts';
import { applyingStep, storingSteps } from '../cloud/next-steps.ts';
import { type Pool, poolFor } from '../cloud/pool.ts';
import { type CloudTrust, trustFor } from '../cloud/trust.ts';
import { checkEnvironment, commsVariables, commsWarnings } from '../comms/variables.ts';
import { expression, reference, type Value } from '../format/hcl/hcl.ts';
import { formatRootModule, type RootModule } from '../format/hcl/root-module.ts';
import { passwordWarnings } from '../host/url-password.ts';
import type { commonInputs } from './inputs.ts';
import { readOwnInputs, titleOf } from './module-inputs.ts';
import type { Module } from './releases/index.ts';

/** Everything that a cloud's renderer returns. */
export interface Rendered {
  readonly root: RootModule;
  /** The text of configuration.sh. */
  readonly boot: string;
  readonly bootData: BootData;
  /** Other files beside the configuration, by name. */
  readonly beside: Readonly<Record<string, Content | undefined>>;
  readonly warnings: readonly string[];
  /** Commands that put the secrets into the cloud's store. */
  readonly secrets: readonly string[];
}

/** Returns the value of a module's `configuration`: lines whose values Terraform knows, then the boot script. */
export function configurationFrom(lines: readonly Value[]): Value {
  const file = expression`file("\${path.module}/${reference(BOOT_FILE)}")`;
  return lines.length === 0 ? file : expression`join("\\n", ${[...lines, file]})`;
}

/** What every configuration is rendered from, besides the cloud's own answers. */
export interface Sources {
  readonly module: Module;
  /** The module inputs that the user sets. */
  readonly own: Readonly<Record<string, Value>>;
  readonly token: Token | undefined;
  /** The variables that tell the launcher how to talk to Spacelift. */
  readonly comms: Readonly<Record<string, string>>;
  readonly pool: Pool;
  readonly trust: CloudTrust | undefined;
}

type Given = Values<typeof commonInputs> & {
  readonly 'self-hosted-launcher'?: string | undefined;
  readonly autoscaler?: boolean;
  readonly 'instance-refresh'?: boolean;
};

/**
 * Plans a root module, its boot script and the files beside them. If the environment is not given, only the pool's token
 * names it; if that does not exist yet, the texts that depend on it are rendered once it does.
 */
export async function planRootModule(
  module: Module,
  given: Given,
  planner: Planner,
  renderFrom: (sources: Sources) => Promise<Rendered>,
): Promise<Plan> {
  const { cloud } = module;
  const folder = path.join(given.dir, `terraform-${cloud}`);
  const own = readOwnInputs(module, given['module-input']);
  refuseWithoutFlag(own, given);
  const pool = await poolFor(given, planner);
  const trust = await trustFor(cloud, given, planner);
  const render = (readable: Token | undefined) =>
    renderFrom({ module, own, token: readable, comms: commsVariables(given, readable), pool, trust });
  const token = await readPoolToken(given.dir, planner);
  const isLater = token !== undefined && !token.isKnown && given.environment === undefined;
  const rendered = await render(token && !isLater ? readToken(await token.bytes(), tokenFileIn(given.dir)) : undefined);
  const textsFrom = (each: Rendered) => textsOf(each, { module, own, pool });
  const texts = textsFrom(rendered);
  const contentOf = (name: string, text: string) =>
    isLater ? derive([token], async (bytes) => textsFrom(await render(readToken(bytes)))[name] ?? '') : known(text);
  const { root, bootData, warnings, secrets } = rendered;
  const missing = unanswered(root.variables, folder);
  const environment = await checkEnvironment(given, planner);
  return {
    changes: await configurationFiles(folder, texts, rendered.beside, planner, {
      contentOf,
      isSecret: (name) => name === 'main.tf' && plainTextWarnings(own).length > 0,
    }),
    warnings: [
      ...unreadWarning(module),
      ...commsWarnings(given),
      ...environment.warnings,
      ...warnings,
      ...plainTextWarnings(own),
      ...passwordWarnings(folder, texts),
    ],
    notes: [describeBootData(bootData, cloud), ...environment.notes],
    next: [
      ...(token || pool.isCreated ? [] : await stepsToToken(given.dir, planner, given['pool-id'])),
      ...storingSteps(secrets),
      ...credentialsStep(pool),
      ...missing.next,
      applyingStep(folder),
    ],
    facts: {
      folder: path.resolve(folder),
      cloud,
      module: { source: module.source, version: module.version, isVerified: module.unread.length === 0 },
      bootData,
      missingVariables: missing.names,
    },
  };
}

const NO_SECRET = 'These files hold no secrets.';

/** Formats the files by name. The README says what the person who applies them has to know. */
function textsOf(rendered: Rendered, sources: Pick<Sources, 'module' | 'own' | 'pool'>): Record<string, string> {
  const { root, boot } = rendered;
  return { ...formatRootModule({ ...root, readme: readmeOf(rendered, sources) }), [BOOT_FILE]: boot };
}

function readmeOf(
  { root, secrets }: Rendered,
  { module, own, pool }: Pick<Sources, 'module' | 'own' | 'pool'>,
): readonly string[] {
  const plain = plainTextWarnings(own);
  return [
    ...root.readme,
    ...(plain.length > 0 ? plain : [NO_SECRET]),
    ...unreadWarning(module),
    '',
    ...applyingSections(root.requiredVersion, { pool, variables: root.variables, secrets }),
  ];
}

/** Warns of a release that spacectl does not know completely. */
function unreadWarning(module: Module): readonly string[] {
  if (module.unread.length === 0) return [];
  return [`Not verified: spacectl does not know these parts of ${titleOf(module)}: ${module.unread.join(', ')}`];
}

/** Inputs that need a flag, which sets more than the input itself. */
const FLAGS = {
  domain_name: 'domain',
  autoscaling_configuration: 'autoscaler',
  instance_refresh: 'instance-refresh',
} as const;

/** Refuses an input that is set without its flag. @throws UserError `SPACECTL_BAD_INPUT` */
function refuseWithoutFlag(own: Readonly<Record<string, Value>>, given: Given): void {
  for (const [name, flag] of Object.entries(FLAGS)) {
    if (!Object.hasOwn(own, name) || given[flag]) continue;
    const how = flag === 'domain' ? 'pass --domain instead' : `also pass --${flag}`;
    throw new UserError('SPACECTL_BAD_INPUT', `--module-input ${name}: ${how}`);
  }
}

/** Inputs that hold secrets: `sensitive` in the facts, and Azure's password. */
const SENSITIVE = ['admin_password', 'env_vars', 'secure_env_vars', 'spacelift_api_credentials'];

/** Warns of secrets that become part of the configuration. */
function plainTextWarnings(own: Readonly<Record<string, Value>>): readonly string[] {
  const names = SENSITIVE.filter((name) => name in own);
  return names.map(
    (name) => `--module-input ${name} is written to main.tf in plain text: anyone who can read the file sees the value`,
  );
}
