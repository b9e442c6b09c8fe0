import { copyFile, mkdir, writeFile } from 'node:fs/promises';
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
  await refuseOtherFormat([text]);
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

/** A root module as it is rendered: its files by name, and which of the vendor's modules it is around, if any. */
export interface Configuration {
  readonly texts: Readonly<Record<string, string>>;
  readonly module?: string;
}

/** Holds texts of HCL against `terraform fmt`, all in one run. @throws Error where it would write one otherwise */
export async function refuseOtherFormat(texts: Iterable<string>): Promise<void> {
  const folder = await temporaryFolder();
  for (const [index, text] of [...new Set(texts)].entries()) await writeFile(path.join(folder, `${index}.tf`), text);
  const { exitCode, stdout, stderr } = await terraform(folder, 'fmt', '-check', '-diff');
  if (exitCode !== 0) throw new Error(`terraform fmt would change it:\n${stdout}${stderr}`);
}

/**
 * Validates any number of configurations in one run of Terraform: each is a module of one root module, and what has to
 * be given is given as its own terraform.tfvars.example has it. The providers are configured once, by the blocks of the
 * configurations; the vendor's modules are replaced by stand-ins that declare exactly the documented inputs and types.
 */
export async function validateConfigurations(configurations: Readonly<Record<string, Configuration>>): Promise<void> {
  const folder = await temporaryFolder();
  const providers = new Set<string>();
  const calls: string[] = [];
  for (const [name, { texts, module }] of Object.entries(configurations)) {
    const place = path.join(folder, name);
    await mkdir(place);
    for (const [file, text] of Object.entries(texts)) await writeFile(path.join(place, file), text);
    const main = (texts['main.tf'] ?? '').replace(PROVIDER, (block) => {
      providers.add(block);
      return '';
    });
    await writeFile(path.join(place, 'main.tf'), module ? replaceModule(main, `../stand-ins/${module}`) : main);
    calls.push(
      `module "${name}" {\n  source = "./${name}"\n${providersOf(texts)}${argumentsFrom(texts['terraform.tfvars.example'] ?? '')}\n}\n`,
    );
  }
  for (const module of new Set(Object.values(configurations).map((each) => each.module))) {
    if (!module) continue;
    await mkdir(path.join(folder, 'stand-ins', module), { recursive: true });
    await copyFile(`test/fixtures/modules/${module}.tf`, path.join(folder, 'stand-ins', module, 'variables.tf'));
  }
  const names = ['region', 'zone', 'project'].map((name) => `variable "${name}" {\n  default = "x"\n}\n`);
  await writeFile(path.join(folder, 'main.tf'), [SPACELIFT, ...names, ...providers, ...calls].join('\n'));
  await offlineProviders(folder);
  for (const args of [['init', '-backend=false', '-input=false'], ['validate']]) {
    const run = await terraform(folder, ...args);
    if (run.exitCode !== 0) throw new Error(`terraform ${args[0]}:\n${run.stdout}\n${run.stderr}`);
    if (args[0] === 'validate' && run.stdout.includes('Warning:'))
      throw new Error(`terraform ${args[0]} warns:\n${run.stdout}`);
  }
}

/** The block that configures a provider. Within a module it would start another of it. */
const PROVIDER = /^provider "\w+" \{\n[\s\S]*?^\}\n/m;

const SPACELIFT =
  'terraform {\n  required_providers {\n    spacelift = {\n      source = "spacelift-io/spacelift"\n    }\n  }\n}\n\nprovider "spacelift" {}\n';

/** A module that hands on its providers by name gets its own by name. */
function providersOf(texts: Readonly<Record<string, string>>): string {
  if (!texts['main.tf']?.includes('providers = {')) return '';
  const names = ['google', 'spacelift'].filter((name) => texts['versions.tf']?.includes(`${name} = {`));
  return `  providers = {${names.map((name) => `\n    ${name} = ${name}`).join('')}\n  }\n`;
}

function replaceModule(main: string, place: string): string {
  const replaced = main.replace(/source( +)= "github\.com[^"]*"/, `source$1= "${place}"`);
  if (replaced === main) throw new Error('main.tf takes no module from GitHub');
  return replaced;
}

/** The example's assignments, but for those that say what is there already; and secrets, which it only names. */
function argumentsFrom(example: string): string {
  const given = example.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  const secrets = [...example.matchAll(/export TF_VAR_(\w+)/g)].map(([, name]) => `${name} = "hush"`);
  return [...given, ...secrets].map((line) => `  ${line}`).join('\n');
}
