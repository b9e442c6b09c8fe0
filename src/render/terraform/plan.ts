import path from 'node:path';
import { wordFor } from '../../core/words.ts';
import type { Content } from '../../step/content.ts';
import type { Plan, Planner } from '../../step/plan.ts';
import { BOOT_FILE, sizeOf } from '../cloud/boot-script.ts';
import { configurationFiles, unanswered } from '../cloud/configuration-files.ts';
import type { Cloud } from '../cloud/limits.ts';
import { expression, reference, type Value } from '../hcl/hcl.ts';
import { formatRootModule, type RootModule } from '../hcl/root-module.ts';
import { passwordWarnings } from '../login.ts';
import type { Module } from './modules.ts';

/** The value of a module's `configuration`: the boot script, behind lines that Terraform knows the values of. */
export function configurationFrom(lines: readonly Value[]): Value {
  const file = expression`file("\${path.module}/${reference(BOOT_FILE)}")`;
  return lines.length === 0 ? file : expression`join("\\n", ${[...lines, file]})`;
}

/** The plan that writes a root module, its boot script and what lies beside them. */
export async function planRootModule(
  root: RootModule,
  options: {
    readonly cloud: Cloud;
    readonly module: Module;
    readonly dir: string;
    readonly boot: string;
    readonly beside: Readonly<Record<string, Content | undefined>>;
    readonly warnings: readonly string[];
    /** Commands that put the secrets into the cloud's store. */
    readonly secrets: readonly string[];
  },
  planner: Planner,
): Promise<Plan> {
  const { cloud, module, boot, beside, warnings, secrets } = options;
  const folder = path.join(options.dir, `terraform-${cloud}`);
  const texts = { ...formatRootModule(root), [BOOT_FILE]: boot };
  const changes = await configurationFiles(folder, texts, beside, planner);
  const bootScript = sizeOf(boot, cloud);
  const missing = unanswered(root.variables, folder);
  return {
    changes,
    warnings: [...warnings, ...passwordWarnings(folder, texts)],
    notes: [
      `Boot script: ${bootScript.bytes} bytes of the ${bootScript.limit} that ${cloud} takes; ${bootScript.reserved} are kept for the module's own part`,
    ],
    next: [
      ...secrets,
      ...missing.next,
      `terraform -chdir=${wordFor(folder)} init && terraform -chdir=${wordFor(folder)} apply`,
    ],
    facts: {
      folder: path.resolve(folder),
      cloud,
      module: { source: module.source, version: module.version },
      bootScript,
      missingVariables: missing.names,
    },
  };
}
