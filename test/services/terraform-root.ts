import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from './temporary.ts';
import { terraformOrThrow } from './terraform-diagnostics.ts';
import { offlineProviders } from './terraform-providers.ts';
import { writeVendorModule } from './vendor-module/write.ts';

/** A root module as it is rendered: its files by name, and which of Spacelift's modules it is around, if any. */
export interface Configuration {
  readonly texts: Readonly<Record<string, string>>;
  /** A release, as in `aws-v6.0.3`. */
  readonly module?: string;
}

/**
 * Makes one root module of any number of configurations, and initializes it: each is a module of its own, and what has
 * to be given is given as its own terraform.tfvars.example has it. The providers are configured once, by the blocks of
 * the configurations; stand-ins take the place of Spacelift's modules.
 * @returns the folder of the root module
 */
export async function writeRoot(configurations: Readonly<Record<string, Configuration>>): Promise<string> {
  const folder = await temporaryFolder();
  const providers = new Map<string, string>();
  const calls: string[] = [];
  for (const [name, { texts, module }] of Object.entries(configurations)) {
    const place = path.join(folder, name);
    await mkdir(place);
    for (const [file, text] of Object.entries(texts)) await writeFile(path.join(place, file), text);
    const main = (texts['main.tf'] ?? '').replace(PROVIDER, (block) => {
      const [, kind = ''] = /"(\w+)"/.exec(block) ?? [];
      // The one that says most: a provider is configured once.
      if (block.length > (providers.get(kind) ?? '').length) providers.set(kind, block);
      return '';
    });
    await writeFile(path.join(place, 'main.tf'), module ? replaceModule(main, `../stand-ins/${module}`) : main);
    calls.push(
      `module "${name}" {\n  source = "./${name}"\n${providersOf(texts)}${argumentsFrom(texts['terraform.tfvars.example'] ?? '')}\n}\n`,
    );
  }
  for (const module of new Set(Object.values(configurations).map((each) => each.module))) {
    if (module) await writeVendorModule(path.join(folder, 'stand-ins', module), module);
  }
  const names = ['region', 'zone', 'project'].map((name) => `variable "${name}" {\n  default = "x"\n}\n`);
  await writeFile(path.join(folder, 'main.tf'), [SPACELIFT, ...names, ...providers.values(), ...calls].join('\n'));
  await offlineProviders(folder);
  await terraformOrThrow(folder, 'init', '-backend=false', '-input=false');
  return folder;
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

export function replaceModule(main: string, place: string): string {
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
