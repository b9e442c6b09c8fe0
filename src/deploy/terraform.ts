import path from 'node:path';
import * as v from 'valibot';
import { UserError } from '../core/errors.ts';
import { readJson } from '../core/json.ts';
import { quoteIfNeeded } from '../core/text.ts';
import { readFileIfExists } from '../files/read.ts';
import { createTemporaryFolder } from '../files/temporary.ts';
import { apiVariables, followProgram, runProgram } from '../programs/index.ts';
import { isPoolId } from '../spacelift/index.ts';
import type { Plan, Planner } from '../step/plan.ts';
import { planSecrets, type SecretPlan } from './secrets/plan.ts';
import type { SecretStore } from './secrets/stores.ts';
import { type DeploymentState, SECRETS_FIRST } from './state.ts';

/** A configuration in the pool's directory, and the program that applies it. */
export interface Configuration {
  /** The pool's directory. */
  readonly dir: string;
  /** Where the cloud's secrets are, if the configuration refers to any. */
  readonly store: SecretStore | undefined;
  readonly folder: string;
  readonly program: 'terraform' | 'tofu';
  /** Whether this is a CI job, whose files are lost afterwards, so that it needs a remote backend. */
  readonly isCi: boolean;
}

/** Exit code of `plan -detailed-exitcode` if there is something to change (terraform plan -help). */
const HAS_CHANGES = 2;

/**
 * Plans a configuration with Terraform, saves the plan, and applies exactly that one.
 * @throws UserError `SPACECTL_PROGRAM_FAILED` with Terraform's error; `SPACECTL_BAD_INPUT` for local state in CI
 */
export async function planTerraform(
  configuration: Configuration,
  { planner, state }: { readonly planner: Planner; readonly state: DeploymentState },
): Promise<Plan> {
  const { folder, program } = configuration;
  const run = (args: readonly string[], onLine: (line: string) => void, until = planner.signal) =>
    runTerraform(configuration, args, onLine, until);
  await run(['init'], planner.report);
  const hasLocalState = await refuseLocalState(configuration);
  const secrets = await planStoredSecrets(configuration, { planner, state });
  state.expected++;
  if (secrets.changes.length > 0 && configuration.store?.isReadByPlan) {
    const later = `${folder}: Terraform can only plan after the secrets are stored`;
    return { ...secrets, warnings: [...secrets.warnings, later], facts: { [SECRETS_FIRST]: folder } };
  }
  state.folder ??= await createTemporaryFolder();
  const saved = path.join(state.folder.path, `${path.basename(folder)}.tfplan`);
  const planned = await run(['plan', '-detailed-exitcode', `-out=${saved}`], planner.report);
  const isChanged = planned.exitCode === HAS_CHANGES;
  const shown = isChanged ? (await run(['show', saved], () => {})).lines.join('\n').trim() : '';
  const apply = planner.action({
    title: `Apply the plan of ${folder}`,
    status: isChanged ? 'change' : 'unchanged',
    async run(until, report) {
      const { lines } = await run(['apply', saved], report, until);
      state.pool ??= await createdPool(configuration, until);
      return { notes: lines.filter((line) => line.startsWith('Apply complete!')) };
    },
  });
  if (!isChanged) state.pool ??= await createdPool(configuration, planner.signal);
  const kept = `State is in ${path.join(folder, 'terraform.tfstate')}: keep it, because Terraform needs it to change or destroy the hosts`;
  return {
    changes: [...secrets.changes, apply],
    warnings: [...secrets.warnings, ...(hasLocalState && isChanged ? [kept] : [])],
    facts: { program, plan: shown },
  };
}

/** Plans to store the secrets, unless that was done before in this run. */
async function planStoredSecrets(
  configuration: Configuration,
  { planner, state }: { readonly planner: Planner; readonly state: DeploymentState },
): Promise<SecretPlan> {
  const { dir, folder, store } = configuration;
  if (store === undefined || state.stored.has(folder)) return { changes: [], warnings: [] };
  const evaluate = (names: readonly string[]) => evaluateVariables(configuration, names, planner.signal);
  return planSecrets({ dir, folder, store, evaluate }, planner);
}

/** Evaluates variables of a configuration, wherever they are set. Those without a value are left out. */
async function evaluateVariables(
  { folder, program }: Configuration,
  names: readonly string[],
  signal: AbortSignal,
): Promise<Record<string, string>> {
  // `try`: a variable without a value is unknown, and one that is not declared an error.
  const entries = names.map((name) => `${JSON.stringify(name)} = var.${name}`);
  const { stdout } = await runProgram(program, ['console', '-no-color'], {
    signal,
    folder,
    environment: environmentOfProvider(),
    input: `jsonencode({${entries.join(', ')}})\n`,
    timeout: 60_000,
  });
  try {
    const values = readJson(v.record(v.string(), v.nullable(v.string())), JSON.parse(stdout.toString('utf8')));
    return Object.fromEntries(Object.entries(values).filter((entry): entry is [string, string] => entry[1] !== null));
  } catch {
    return {};
  }
}

/** Runs a command without colours and questions. @throws UserError `SPACECTL_PROGRAM_FAILED` */
async function runTerraform(
  { folder, program }: Configuration,
  [command = '', ...args]: readonly string[],
  onLine: (line: string) => void,
  signal: AbortSignal,
) {
  const flags = command === 'show' ? ['-no-color'] : ['-no-color', '-input=false'];
  const ended = await followProgram(program, [command, ...flags, ...args], (line) => line.trim() && onLine(line), {
    signal,
    folder,
    environment: environmentOfProvider(),
  });
  const isGood = ended.exitCode === 0 || (command === 'plan' && ended.exitCode === HAS_CHANGES);
  if (isGood) return ended;
  throw new UserError('SPACECTL_PROGRAM_FAILED', `${program} ${command} failed in ${folder}: ${errorIn(ended.lines)}`, {
    suggestions: [
      { command: `cd ${quoteIfNeeded(folder)} && ${program} ${command}` },
      `Read ${path.join(folder, 'README.md')}`,
    ],
  });
}

/** Credentials that Spacelift's provider reads (terraform-provider-spacelift@8565261, spacelift/provider.go). */
function environmentOfProvider(): Record<string, string> {
  return { ...apiVariables(), TF_IN_AUTOMATION: '1' };
}

/** Returns the first errors: `Error: TITLE`, and what follows in their boxes. */
function errorIn(lines: readonly string[]): string {
  const texts = lines.map((line) => line.replace(/^[│╷╵ ]+/, '').trim()).filter(Boolean);
  const start = texts.findIndex((line) => line.startsWith('Error: '));
  return texts.slice(start < 0 ? -3 : start, start < 0 ? undefined : start + 6).join(' ');
}

const initialized = v.looseObject({ backend: v.optional(v.nullable(v.looseObject({ type: v.string() }))) });

/**
 * Reports whether state is a file in the directory: `terraform init` records the backend, if there is one.
 * @throws UserError `SPACECTL_BAD_INPUT` in CI
 */
async function refuseLocalState({ folder, isCi }: Configuration): Promise<boolean> {
  const data = path.resolve(folder, process.env['TF_DATA_DIR'] || '.terraform', 'terraform.tfstate');
  const bytes = await readFileIfExists(data);
  const type = bytes && readJson(initialized, bytes.toString('utf8')).backend?.type;
  const isLocal = type === undefined || type === 'local';
  if (!isLocal || !isCi) return isLocal;
  throw new UserError('SPACECTL_BAD_INPUT', `${folder} keeps its state in a file, which is lost with the CI job`, {
    suggestions: [`Add a backend in ${path.join(folder, 'backend.tf')}, such as: terraform { backend "s3" { … } }`],
  });
}

/** Returns the ID of the pool in the configuration's outputs, if it has one. */
async function createdPool({ folder, program }: Configuration, signal: AbortSignal): Promise<string | undefined> {
  const { exitCode, stdout } = await runProgram(program, ['output', '-no-color', '-raw', 'worker_pool_id'], {
    signal,
    folder,
    environment: environmentOfProvider(),
  });
  const id = stdout.toString('utf8').trim();
  return exitCode === 0 && isPoolId(id) ? id : undefined;
}
