import { rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { Step } from '../../src/step/step.ts';
import { type Flags, planPool, renderStep } from './render.ts';
import { temporaryFolder } from './temporary.ts';
import { terraform } from './terraform.ts';
import { terraformOrThrow } from './terraform-diagnostics.ts';
import { offlineProviders } from './terraform-providers.ts';

/** A configuration in a folder of its own, with its state, which is rendered and applied again and again. */
export interface TerraformPool {
  readonly folder: string;
  /** Renders it, with what has to be given as its own example has it. `edit` changes main.tf afterwards. */
  render(flags: Flags, edit?: (main: string) => string): Promise<void>;
  apply(...options: readonly string[]): Promise<{ readonly exitCode: number | undefined; readonly all: string }>;
  /** Plans, and returns what would change: nothing if it is empty. */
  plan(): Promise<string>;
  /** Destroys everything, and returns what is left. */
  destroy(): Promise<string>;
}

/** Makes the folder. @param name the folder that the step renders into */
export async function terraformPool(step: Step, name: string): Promise<TerraformPool> {
  const folder = await temporaryFolder();
  await offlineProviders(folder);
  const run = async (...args: readonly string[]) => {
    const { exitCode, stdout, stderr } = await terraform(folder, ...args, '-input=false');
    // Terraform wraps its messages at 78 columns.
    return { exitCode, all: `${stdout}${stderr}`.replace(/\s+/g, ' ') };
  };
  return {
    folder,
    async render(flags, edit = (main) => main) {
      const texts = Object.entries(await renderStep(step, planPool(), flags));
      for (const [file, text] of texts) {
        const own = path.relative(name, file);
        await writeFile(path.join(folder, own), own === 'main.tf' ? edit(text) : text);
        if (own.endsWith('.example')) await writeFile(path.join(folder, 'terraform.tfvars'), text);
      }
      await rm(path.join(folder, '.terraform'), { recursive: true, force: true });
      await terraformOrThrow(folder, 'init', '-backend=false', '-input=false');
    },
    apply: (...options) => run('apply', '-auto-approve', ...options),
    async plan() {
      const { exitCode, all } = await run('plan', '-detailed-exitcode');
      return exitCode === 0 ? '' : all;
    },
    async destroy() {
      const { exitCode, all } = await run('destroy', '-auto-approve');
      return exitCode === 0 ? terraformOrThrow(folder, 'state', 'list') : all;
    },
  };
}
