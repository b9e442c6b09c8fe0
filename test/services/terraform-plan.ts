import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { CHANGES, terraform } from './terraform.ts';
import { refuseDiagnostics, terraformOrThrow } from './terraform-diagnostics.ts';
import { type Configuration, writeRoot } from './terraform-root.ts';
import { type AppliedConfiguration, type Change, readConfigurations, type State } from './terraform-state.ts';

/** Configurations after `terraform apply`. */
export interface AppliedRoot {
  readonly folder: string;
  readonly configurations: Readonly<Record<string, AppliedConfiguration>>;
}

/** Validates configurations in one run of Terraform. @throws Error with Terraform's words where it refuses or warns */
export async function validateConfigurations(configurations: Readonly<Record<string, Configuration>>): Promise<void> {
  await refuseDiagnostics(await writeRoot(configurations), 'validate');
}

/**
 * Validates, plans and applies configurations in one run of Terraform, against stand-ins of providers and modules. It is
 * applied because the user data of a pool that is created in the same run is not known before.
 * @throws Error with Terraform's words where it refuses or warns
 */
export async function planConfigurations(
  configurations: Readonly<Record<string, Configuration>>,
): Promise<AppliedRoot> {
  const folder = await writeRoot(configurations);
  await refuseDiagnostics(folder, 'apply', '-auto-approve', '-input=false', '-parallelism=20');
  const state = JSON.parse(await terraformOrThrow(folder, 'show', '-json')) as State;
  const changes = (await readFile(path.join(folder, CHANGES), 'utf8')).trim().split('\n');
  return {
    folder,
    configurations: readConfigurations(
      state,
      changes.map((line) => JSON.parse(line) as Change),
    ),
  };
}

/** Plans again. @throws Error with the changes where there would be any */
export async function refuseFurtherChanges({ folder }: AppliedRoot): Promise<void> {
  const { exitCode, stdout, stderr } = await terraform(folder, 'plan', '-detailed-exitcode', '-input=false');
  if (exitCode !== 0) throw new Error(`a second terraform plan finds changes:\n${stdout}${stderr}`);
}

/** Destroys everything. @throws Error where something remains */
export async function destroy({ folder }: AppliedRoot): Promise<void> {
  await refuseDiagnostics(folder, 'destroy', '-auto-approve', '-input=false', '-parallelism=20');
  const left = await terraformOrThrow(folder, 'state', 'list');
  if (left.trim() !== '') throw new Error(`terraform destroy leaves:\n${left}`);
}
