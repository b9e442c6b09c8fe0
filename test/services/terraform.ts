import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { temporaryFolder } from './temporary.ts';

/** The file in which stand-in providers write down what they change. */
export const CHANGES = 'changes.jsonl';

/** Runs Terraform in a folder, away from the developer's own configuration and from every network. */
export function terraform(folder: string, ...args: readonly string[]) {
  return execa('terraform', [...args], {
    cwd: folder,
    reject: false,
    env: {
      TF_IN_AUTOMATION: '1',
      CHECKPOINT_DISABLE: '1',
      TF_CLI_CONFIG_FILE: path.join(folder, '.terraformrc'),
      TF_CLI_ARGS: '-no-color',
      PROVIDER_LOG: path.join(folder, CHANGES),
    },
  });
}

/** What Terraform reads from `locals` in a file of HCL. @throws Error where `terraform fmt` would write it otherwise */
export async function evaluateLocals(text: string): Promise<Record<string, unknown>> {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, '.terraformrc'), '');
  await writeFile(path.join(folder, 'main.tf'), text);
  await writeFile(path.join(folder, 'outputs.tf'), 'output "all" {\n  value = local.all\n}\n');
  await refuseOtherFormat([text]);
  const applied = await terraform(folder, 'apply', '-auto-approve', '-input=false');
  if (applied.exitCode !== 0) throw new Error(applied.stderr);
  const { stdout } = await terraform(folder, 'output', '-json', 'all');
  return JSON.parse(stdout) as Record<string, unknown>;
}

/** Holds texts of HCL against `terraform fmt`, all in one run. @throws Error where it would write one otherwise */
export async function refuseOtherFormat(texts: Iterable<string>): Promise<void> {
  const folder = await temporaryFolder();
  for (const [index, text] of [...new Set(texts)].entries()) await writeFile(path.join(folder, `${index}.tf`), text);
  const { exitCode, stdout, stderr } = await terraform(folder, 'fmt', '-check', '-diff');
  if (exitCode !== 0) throw new Error(`terraform fmt would change it:\n${stdout}${stderr}`);
}
