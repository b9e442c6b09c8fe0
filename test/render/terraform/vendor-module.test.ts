import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { testWith } from '../../services/programs.ts';
import { temporaryFolder } from '../../services/temporary.ts';
import { terraform } from '../../services/terraform.ts';
import { diagnosticsIn, refuseDiagnostics, terraformOrThrow } from '../../services/terraform-diagnostics.ts';
import { offlineProviders } from '../../services/terraform-providers.ts';
import { type InputFacts, type ModuleFacts, RELEASES, readFacts } from '../../services/vendor-module/facts.ts';
import { writeVendorModule } from '../../services/vendor-module/write.ts';

const POOL_ID = '01HCC6QZ932J7WDF4FTVM9QMEP';

/** Values for inputs that have no default, in HCL. */
const REQUIRED: Readonly<Record<string, string>> = {
  worker_pool_id: JSON.stringify(POOL_ID),
  security_groups: '["sg-0a1b2c3d"]',
  vpc_subnets: '["subnet-0a1b2c3d"]',
  configuration: '"true"',
  resource_group: '{ name = "workers", location = "westeurope", id = "/subscriptions/1" }',
};

/** A call of the stand-in of a release, with arguments in HCL. */
function call(name: string, release: string, given: Readonly<Record<string, string>>): string {
  const lines = Object.entries(given).map(([input, value]) => `  ${input} = ${value}\n`);
  return `module "${name}" {\n  source = "./stand-ins/${release}"\n${lines.join('')}}\n`;
}

/** All inputs of a release at their defaults, or with something of the right type where they have none. */
function usual({ variables }: ModuleFacts): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).map(([name, { required, default: value }]) => {
      return [name, required === false ? JSON.stringify(value) : (REQUIRED[name] ?? '"x"')];
    }),
  );
}

/** Initializes a root module that calls stand-ins. */
async function rootOf(main: string): Promise<string> {
  const folder = await temporaryFolder();
  for (const release of RELEASES.filter((each) => main.includes(`/${each}"`))) {
    await writeVendorModule(path.join(folder, 'stand-ins', release), release);
  }
  const features = main.includes('/azure-') ? 'provider "azurerm" {\n  features {}\n}\n' : '';
  await writeFile(path.join(folder, 'main.tf'), `${features}${main}`);
  await offlineProviders(folder);
  await terraformOrThrow(folder, 'init', '-backend=false', '-input=false');
  return folder;
}

async function problemsIn(main: string): Promise<readonly string[]> {
  const { stdout } = await terraform(await rootOf(main), 'validate', '-json');
  return diagnosticsIn(stdout).map(({ summary, detail }) => `${summary}: ${detail}`);
}

test('the facts cover the releases that are known, in order', () => {
  expect(RELEASES.map((name) => [name, Object.keys(readFacts(name).variables).length])).toEqual([
    ['aws-v5.6.5', 47],
    ['aws-v6.0.3', 47],
    ['aws-v6.3.0', 47],
    ['aws-v7.1.0', 48],
    ['aws-v7.2.0', 49],
    ['aws-v8.2.0', 50],
    ['aws-v9.0.0', 51],
    ['azure-v2.1.0', 26],
    ['azure-v3.0.0', 26],
    ['gcp-v1.5.2', 14],
    ['gcp-v2.0.0', 11],
  ]);
});

testWith('terraform')('every release takes all of its inputs, has its outputs, and is valid', async () => {
  const calls = RELEASES.map((release, index) => {
    const outputs = Object.keys(readFacts(release).outputs).map(
      (name) => `output "${name}_${index}" {\n  value = module.all_${index}.${name}\n  sensitive = true\n}\n`,
    );
    return [call(`all_${index}`, release, usual(readFacts(release))), ...outputs].join('\n');
  });
  await refuseDiagnostics(await rootOf(calls.join('\n')), 'validate');
});

testWith('terraform')('every release wants what it requires, and takes no other input', async () => {
  const calls = RELEASES.map((release, index) => call(`none_${index}`, release, { not_an_input: 'null' }));
  const folder = await rootOf(calls.join('\n'));
  for (const [index, release] of RELEASES.entries()) {
    // Terraform says this of one module call alone.
    await writeFile(path.join(folder, 'main.tf'), calls[index] ?? '');
    const { stdout } = await terraform(folder, 'validate', '-json');
    const problems = diagnosticsIn(stdout).map(({ summary, detail }) => `${summary}: ${detail}`);
    const missing = problems.flatMap((problem) => /^Missing required argument: .*"(\w+)"/.exec(problem)?.[1] ?? []);
    const { variables } = readFacts(release);
    expect(missing.toSorted()).toEqual(
      Object.keys(variables)
        .filter((name) => variables[name]?.required === true)
        .toSorted(),
    );
    expect(problems.join('\n')).toContain('argument named "not_an_input" is not expected');
  }
});

/** The inputs that are wanted, each with the index of its release. */
function inputsWhere(select: (facts: InputFacts) => boolean): readonly (readonly [index: number, name: string])[] {
  return RELEASES.flatMap((release, index) =>
    Object.entries(readFacts(release).variables).flatMap(([name, facts]) =>
      select(facts) ? [[index, name] as const] : [],
    ),
  );
}

testWith('terraform')('every input has its type', async () => {
  const typed = inputsWhere(({ type, required }) => type !== 'any' && required !== null);
  const calls = RELEASES.map((release, index) => {
    const facts = readFacts(release);
    const own = typed.filter(([at]) => at === index).map(([, name]) => name);
    // A text is no number, truth, list or mapping; a list is no text.
    const wrong = own.map((name) => [name, facts.variables[name]?.type === 'string' ? '[]' : '"x"']);
    return call(`wrong_${index}`, release, { ...usual(facts), ...Object.fromEntries(wrong) });
  });
  const problems = (await problemsIn(calls.join('\n'))).join('\n');
  const refused = [...problems.matchAll(/module\.wrong_(\d+)\.var\.(\w+)/g)].map(([, at, name]) => `${at}.${name}`);
  expect(refused.toSorted()).toEqual(typed.map(([at, name]) => `${at}.${name}`).toSorted());
});

testWith('terraform')('every rule for the value of an input is held', async () => {
  const ruled = inputsWhere(({ allowed, pattern }) => allowed !== undefined || pattern !== undefined);
  const against: Readonly<Record<string, string>> = {
    autoscaling_configuration: '{ version = "2.7.1" }',
    env_vars: '{ A = { sensitive = true } }',
  };
  const calls = RELEASES.map((release, index) => {
    const own = ruled.filter(([at]) => at === index).map(([, name]) => [name, against[name] ?? '"not allowed"']);
    return call(`wrong_${index}`, release, { ...usual(readFacts(release)), ...Object.fromEntries(own) });
  });
  const { stdout } = await terraform(await rootOf(calls.join('\n')), 'plan', '-json', '-input=false');
  const said = diagnosticsIn(stdout)
    .map(({ detail }) => detail)
    .join('\n');
  const found = [...said.matchAll(/^(\S+) does not allow this value of (\w+)/gm)].map(
    ([, at, name]) => `${at}.${name}`,
  );
  // A release with both a list and a pattern for an input says so twice.
  expect([...new Set(found)].toSorted()).toEqual(ruled.map(([at, name]) => `${RELEASES[at]}.${name}`).toSorted());
});
