import { existsSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { checksOf } from './checks.ts';
import { bootBytes, type ModuleFacts, nearestKnown, readFacts } from './facts.ts';
import { outputsOf } from './outputs.ts';
import { variablesOf } from './variables.ts';

const BODIES = 'test/fixtures/stand-ins';
const BOOT = 'test/fixtures/boot';

/**
 * Writes a stand-in for one release of one of Spacelift's modules: its interface is generated from the facts of the
 * release, its resources and boot templates are those of the fixtures. What machines get has the length of the real text.
 */
export async function writeVendorModule(folder: string, name: string): Promise<void> {
  const facts = readFacts(name);
  await mkdir(folder, { recursive: true });
  const texts = {
    'variables.tf': variablesOf(facts),
    'outputs.tf': outputsOf(facts),
    'checks.tf': checksOf(facts),
    'versions.tf': versionsOf(facts),
    'boot.json': JSON.stringify(bootBytes(facts)),
  };
  for (const [file, text] of Object.entries(texts)) await writeFile(path.join(folder, file), text);
  for (const body of bodiesOf(facts)) await copyFile(path.join(BODIES, body), path.join(folder, body));
  for (const [file, template] of Object.entries(templatesOf(facts))) {
    await copyFile(path.join(BOOT, template), path.join(folder, file));
  }
}

function majorOf({ version }: ModuleFacts): number {
  return Number(/^v(\d+)/.exec(version)?.[1]);
}

function bodiesOf(facts: ModuleFacts): readonly string[] {
  if (facts.cloud !== 'aws') return [`${facts.cloud}.tf`];
  return ['aws.tf', majorOf(facts) < 7 ? 'aws-before-v7.tf' : 'aws-since-v7.tf'];
}

/** A release has the template of its own major version where one is held. */
function templatesOf(facts: ModuleFacts): Readonly<Record<string, string>> {
  const of = (name: string) => {
    const own = `${name}-${majorOf(facts)}.tftpl`;
    return existsSync(path.join(BOOT, own)) ? own : `${name}.tftpl`;
  };
  if (facts.cloud === 'aws') return { 'saas.tftpl': of('aws-saas'), 'selfhosted.tftpl': of('aws-selfhosted') };
  if (facts.cloud === 'gcp') return { 'gcp.tftpl': of('gcp') };
  return { 'azure.tftpl': of('azure'), 'azure-outer.tftpl': of('azure-outer') };
}

/** The providers of a release, or of the nearest one of which they were read; Azure's module declares none. */
function nearestProviders(facts: ModuleFacts): Readonly<Record<string, string>> {
  if (facts.cloud === 'azure') return {};
  return nearestKnown(facts, (each) => each.terraform_providers ?? each.required_providers);
}

/** The module declares the providers that the facts name, but for those of which the stand-in has no resource. */
function versionsOf(facts: ModuleFacts): string {
  const declared = Object.entries(nearestProviders(facts))
    .filter(([source]) => source.startsWith('hashicorp/'))
    .map(([source, said]) => {
      const constraint = /^>= [\d.]+/.exec(said)?.[0];
      const version = constraint ? `      version = "${constraint}"\n` : '';
      return `    ${path.basename(source)} = {\n      source = "${source}"\n${version}    }\n`;
    });
  return declared.length === 0 ? '' : `terraform {\n  required_providers {\n${declared.join('')}  }\n}\n`;
}
