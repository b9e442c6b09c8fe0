import path from 'node:path';
import { type Content, known } from '../../step/content.ts';
import type { Plan, Planner } from '../../step/plan.ts';
import { wordFor } from '../../step/words.ts';
import { expression, reference, type Value } from '../hcl.ts';
import { holdsPassword, passwordWarnings } from '../login.ts';
import { BOOT_LIMITS } from './boot-script.ts';
import type { Cloud, Module } from './modules.ts';
import { formatRootModule, type RootModule } from './root-module.ts';

export const BOOT_FILE = 'configuration.sh';

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
  const isOurs = (bytes: Uint8Array) => Buffer.from(bytes).includes('Rendered by spacectl');
  const changes = [];
  for (const [name, text] of Object.entries(texts)) {
    const access = holdsPassword(text) ? { mode: 0o600, isSecret: true } : {};
    const file = path.join(folder, name);
    changes.push(await planner.file({ path: file, content: known(text), replace: isOurs, ...access }));
  }
  for (const [name, content] of Object.entries(beside)) {
    if (content) changes.push(await planner.file({ path: path.join(folder, name), content }));
  }
  const { limit, reserved } = BOOT_LIMITS[cloud];
  const size = Buffer.byteLength(boot);
  const missing = root.variables.filter(({ value }) => value === undefined).map(({ name }) => name);
  return {
    changes,
    warnings: [...warnings, ...passwordWarnings(folder, texts)],
    notes: [
      `Boot script: ${size} bytes of the ${limit} that ${cloud} takes; ${reserved} are kept for the module's own part`,
    ],
    next: [
      ...secrets,
      ...(missing.length > 0
        ? [`Give ${missing.join(', ')}: see ${path.join(folder, 'terraform.tfvars.example')}`]
        : []),
      `terraform -chdir=${wordFor(folder)} init && terraform -chdir=${wordFor(folder)} apply`,
    ],
    facts: {
      folder: path.resolve(folder),
      cloud,
      module: { source: module.source, version: module.version },
      bootScript: { bytes: size, limit, reserved },
      missingVariables: missing,
    },
  };
}
