import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { temporaryFolder } from '../temporary.ts';
import { terraform } from '../terraform.ts';

/** A template of Terraform's, by its path, and its variables. */
export interface Filling {
  readonly template: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Fills templates with Terraform's own `templatefile`, any number in one run. @throws Error with what Terraform says */
export async function fillBootTemplates<Name extends string>(
  fillings: Readonly<Record<Name, Filling>>,
): Promise<Record<Name, string>> {
  const folder = await temporaryFolder();
  const names = Object.keys(fillings) as Name[];
  const calls = names.map((name, index) => {
    const file = JSON.stringify(path.resolve(fillings[name].template));
    return `    templatefile(${file}, jsondecode(file("\${path.module}/${index}.json"))),\n`;
  });
  await writeFile(path.join(folder, '.terraformrc'), '');
  await writeFile(path.join(folder, 'main.tf'), `output "all" {\n  value = [\n${calls.join('')}  ]\n}\n`);
  for (const [index, name] of names.entries()) {
    await writeFile(path.join(folder, `${index}.json`), JSON.stringify(fillings[name].variables));
  }
  for (const args of [
    ['apply', '-auto-approve', '-input=false'],
    ['output', '-json', 'all'],
  ]) {
    const { exitCode, stdout, stderr } = await terraform(folder, ...args);
    if (exitCode !== 0) throw new Error(`terraform ${args[0]}:\n${stderr}`);
    if (args[0] === 'output') {
      const texts = JSON.parse(stdout) as string[];
      return Object.fromEntries(names.map((name, index) => [name, texts[index]])) as Record<Name, string>;
    }
  }
  throw new Error('terraform gave no output');
}
