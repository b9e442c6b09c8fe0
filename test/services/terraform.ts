import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { temporaryFolder } from './temporary.ts';

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
    },
  });
}

/** What Terraform reads from `locals` in a file of HCL. @throws Error where `terraform fmt` would write it otherwise */
export async function evaluateLocals(text: string): Promise<Record<string, unknown>> {
  const folder = await temporaryFolder();
  await writeFile(path.join(folder, '.terraformrc'), '');
  await writeFile(path.join(folder, 'main.tf'), text);
  await writeFile(path.join(folder, 'outputs.tf'), 'output "all" {\n  value = local.all\n}\n');
  await refuseOtherFormat(folder);
  const applied = await terraform(folder, 'apply', '-auto-approve', '-input=false');
  if (applied.exitCode !== 0) throw new Error(applied.stderr);
  const { stdout } = await terraform(folder, 'output', '-json', 'all');
  return JSON.parse(stdout) as Record<string, unknown>;
}

const PROVIDERS = { aws: 'hashicorp', azurerm: 'hashicorp', google: 'hashicorp', spacelift: 'spacelift-io' } as const;
/** Releases that the version constraints of what is rendered accept. */
const VERSIONS = { aws: '6.25.0', azurerm: '4.50.0', google: '7.10.0', spacelift: '1.20.0' } as const;

/** A mirror of stand-in providers, and a configuration of Terraform that takes providers from nowhere else. */
async function offlineProviders(folder: string): Promise<void> {
  const mirror = path.join(folder, '.mirror');
  for (const [name, namespace] of Object.entries(PROVIDERS)) {
    const version = VERSIONS[name as keyof typeof VERSIONS];
    const place = path.join(mirror, 'registry.terraform.io', namespace, name, version, 'linux_amd64');
    await mkdir(place, { recursive: true });
    const script = `#!/bin/sh\nexec '${process.execPath}' '${path.resolve('test/services/terraform-provider.mjs')}' ${name}\n`;
    await writeFile(path.join(place, `terraform-provider-${name}_v${version}`), script, { mode: 0o755 });
  }
  await writeFile(
    path.join(folder, '.terraformrc'),
    `provider_installation {\n  filesystem_mirror {\n    path = ${JSON.stringify(mirror)}\n  }\n}\n`,
  );
}

/**
 * Holds a rendered root module against Terraform: `fmt -check`, `init` and `validate`, with the vendor's module replaced
 * by a stand-in that declares exactly the documented inputs and types.
 */
export async function validateRootModule(rendered: string, standIn?: string): Promise<void> {
  const folder = await temporaryFolder();
  for (const name of await readdir(rendered)) {
    const text = await readFile(path.join(rendered, name), 'utf8');
    await writeFile(path.join(folder, name), text);
  }
  await refuseOtherFormat(folder);
  if (standIn) {
    const main = path.join(folder, 'main.tf');
    const text = await readFile(main, 'utf8');
    const replaced = text.replace(/source( +)= "github\.com[^"]*"/, `source$1= "./.stand-in"`);
    if (replaced === text) throw new Error('main.tf takes no module from GitHub');
    await writeFile(main, replaced);
    await mkdir(path.join(folder, '.stand-in'));
    await writeFile(
      path.join(folder, '.stand-in/variables.tf'),
      await readFile(path.resolve(`test/fixtures/modules/${standIn}.tf`)),
    );
  }
  await offlineProviders(folder);
  for (const args of [['init', '-backend=false', '-input=false'], ['validate']]) {
    const run = await terraform(folder, ...args);
    if (run.exitCode !== 0) throw new Error(`terraform ${args[0]}:\n${run.stdout}\n${run.stderr}`);
    if (args[0] === 'validate' && run.stdout.includes('Warning:'))
      throw new Error(`terraform ${args[0]} warns:\n${run.stdout}`);
  }
}

async function refuseOtherFormat(folder: string): Promise<void> {
  const { exitCode, stdout, stderr } = await terraform(folder, 'fmt', '-check', '-diff');
  if (exitCode !== 0) throw new Error(`terraform fmt would change it:\n${stdout}${stderr}`);
}
