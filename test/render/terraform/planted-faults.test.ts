import path from 'node:path';
import { beforeAll, describe, expect } from 'vitest';
import { MODULES } from '../../../src/render/terraform/releases/index.ts';
import { testWith } from '../../services/programs.ts';
import { planPool, renderStep } from '../../services/render.ts';
import { planConfigurations } from '../../services/terraform-plan.ts';
import type { Configuration } from '../../services/terraform-root.ts';
import { readFacts } from '../../services/vendor-module/facts.ts';
import { problemsOf } from '../../services/worker-problems.ts';
import { flagsFor, KINDS, type Kind, releaseOf } from './combinations.ts';

const EXISTING = { pool: 'existing' };

/** The kind for the newest release that has an input. */
function kindWith(input: string): Kind {
  const module = MODULES.find(({ inputs }) => input in inputs);
  const kind = KINDS.find((each) => each.module === module);
  if (!module || !kind) throw new Error(`no release that is offered has the input ${input}`);
  return kind;
}

/** A configuration around one of Spacelift's modules. */
interface Rendered extends Configuration {
  readonly module: string;
}

/** Renders a configuration around a pool that exists. */
async function render(kind: Kind): Promise<Rendered> {
  if (!kind.module) throw new Error('has no module');
  const rendered = await renderStep(kind.step, planPool(), flagsFor(kind, EXISTING));
  const texts = Object.entries(rendered).map(([name, text]) => [path.relative(kind.folder, name), text]);
  return { texts: Object.fromEntries(texts), module: releaseOf(kind.module) };
}

/** Changes one of the files. @throws Error where that changes nothing */
function change(configuration: Rendered, file: string, edit: (text: string) => string): Rendered {
  const text = configuration.texts[file] ?? '';
  const changed = edit(text);
  if (changed === text) throw new Error(`nothing is planted in ${file}`);
  return { ...configuration, texts: { ...configuration.texts, [file]: changed } };
}

/** Sets an input of the module, in HCL, in place of what is there. */
function withInput(configuration: Rendered, name: string, value: string | undefined): Rendered {
  return change(configuration, 'main.tf', (text) => {
    // As `terraform fmt` has it: inputs are indented by two spaces, and what belongs to one by more.
    const without = text.replace(new RegExp(`^  ${name} += .*\\n(?:(?:    .*)?\\n|  [\\])}].*\\n)*`, 'm'), '');
    const added = value === undefined ? '' : `  ${name} = ${value}\n`;
    return without.replace(/^module "workers" \{\n/m, (head) => head + added);
  });
}

async function problemsWhenPlanned(configuration: Rendered): Promise<string> {
  const { configurations } = await planConfigurations({ planted: configuration });
  const [planted] = Object.values(configurations);
  if (!planted) throw new Error('was not applied');
  return problemsOf(configuration.module, planted, { hasBundle: false }).join('\n');
}

describe('faults of earlier versions, planted in what is rendered', () => {
  let v7: Rendered;

  beforeAll(async () => {
    v7 = await render(kindWith('env_vars'));
  });

  testWith('terraform')('nothing is wrong with what they are planted in', async () => {
    expect(await problemsWhenPlanned(v7)).toBe('');
  });

  testWith('terraform')('an attribute that env_vars does not have is dropped, and the token with it', async () => {
    const entries = ['SPACELIFT_TOKEN', 'SPACELIFT_POOL_PRIVATE_KEY'].map(
      (name) => `${name} = { secret_arn = "arn:aws:secretsmanager:eu-west-1:123456789012:secret:${name}-a1b2c3" }`,
    );
    const without = /^ {2}secret_env_var_arns /m.test(v7.texts['main.tf'] ?? '')
      ? withInput(v7, 'secret_env_var_arns', undefined)
      : v7;
    const planted = withInput(without, 'env_vars', `{ ${entries.join(', ')} }`);
    // Terraform itself says nothing: only the user data tells.
    const problems = await problemsWhenPlanned(planted);
    expect(problems).toContain('SPACELIFT_TOKEN is not exported');
    expect(problems).toContain('SPACELIFT_POOL_PRIVATE_KEY is not exported');
  });

  testWith('terraform')('an input that the module does not have is refused', async () => {
    const planted = withInput(v7, 'secure_env_vars', '{}');
    await expect(problemsWhenPlanned(planted)).rejects.toThrow(
      'An argument named "secure_env_vars" is not expected here',
    );
  });

  testWith('terraform')('user data that does not fit is noticed', async () => {
    const planted = change(v7, 'configuration.sh', (text) => `${text}# ${'x'.repeat(12_000)}\n`);
    expect(await problemsWhenPlanned(planted)).toMatch(/the user data has \d{5} bytes, of 16384/);
  });

  testWith('terraform')('an output that the release does not list is refused', async () => {
    expect(Object.keys(readFacts(v7.module).outputs)).not.toContain('autoscaling_group_name');
    const planted = change(
      v7,
      'main.tf',
      (text) => `${text}\noutput "group" {\n  value = module.workers.autoscaling_group_name\n}\n`,
    );
    await expect(problemsWhenPlanned(planted)).rejects.toThrow(/autoscaling_group_name/);
  });
});
