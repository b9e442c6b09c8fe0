import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import type { BootData } from '../../../src/render/cloud/boot-data.ts';
import { MODULES } from '../../../src/render/terraform/releases/index.ts';
import { type Combination, pairwise, productOf } from '../../services/pairs.ts';
import { testWith } from '../../services/programs.ts';
import { expectNoKey, planPool, planStep, textsOf, withBundle } from '../../services/render.ts';
import { sliceOf } from '../../services/slice.ts';
import { temporaryFolder } from '../../services/temporary.ts';
import { refuseOtherFormat } from '../../services/terraform.ts';
import {
  destroy,
  planConfigurations,
  refuseFurtherChanges,
  validateConfigurations,
} from '../../services/terraform-plan.ts';
import type { Configuration } from '../../services/terraform-root.ts';
import { problemsOf } from '../../services/worker-problems.ts';
import { flagsFor, isRefused, KINDS, type Kind, releaseOf } from './combinations.ts';

/** A combination that is planned: what it is called in the root module, and what it came of. */
interface Planned {
  readonly name: string;
  readonly kind: Kind;
  readonly combination: Combination;
  /** What the user is told of the boot data. */
  readonly said: BootData | undefined;
}

testWith('terraform', 'openssl', 'shellcheck')(
  'any two choices give a formatted configuration without a key, and workers that poll',
  { timeout: 300_000 },
  async () => {
    const plain = planPool();
    const bundled = await withBundle(plain);
    const formatted = new Set<string>();
    const scripts = new Set<string>();
    const configurations: Record<string, Configuration> = {};
    const planned: Planned[] = [];
    for (const kind of KINDS) {
      const release = kind.module && releaseOf(kind.module);
      const combinations = productOf(kind.dimensions).filter((each) => !isRefused(kind, each));
      for (const [index, combination] of chosenFrom(kind, pairwise(combinations)).entries()) {
        const pool = combination['ca'] === 'no CA' ? plain : bundled;
        const plan = await planStep(kind.step, pool, flagsFor(kind, combination));
        const rendered = await textsOf(plan, pool);
        expectNoKey(rendered);
        const texts = Object.fromEntries(
          Object.entries(rendered).map(([name, text]) => [path.relative(kind.folder, name), text]),
        );
        for (const [name, text] of Object.entries(texts)) {
          if (/\.(?:tf|example)$/.test(name)) formatted.add(text);
        }
        scripts.add(texts['configuration.sh'] ?? '');
        const name = `${release ?? 'ecs'}-${index}`.replaceAll('.', '_');
        configurations[name] = { texts, ...(release && { module: release }) };
        planned.push({ name, kind, combination, said: plan.facts?.['bootData'] as BootData | undefined });
      }
    }
    // Some of every release, or the table has lost its point.
    expect(planned.length).toBeGreaterThan(process.env['TEST_WHOLE'] ? 100 : 25);
    await refuseOtherFormat(formatted);
    await shellcheck([...scripts]);
    const applied = await planConfigurations(configurations);
    const problems = planned.flatMap(({ name, kind, combination, said }) => {
      const one = applied.configurations[name];
      if (!one) return [`${name} was not applied`];
      const hasBundle = combination['ca'] !== 'no CA';
      const found = [
        ...(kind.module ? problemsOf(releaseOf(kind.module), one, { hasBundle }) : []),
        ...missized(said, one.userDataBytes),
      ];
      return found.map((problem) => `${name} (${Object.values(combination).join(', ')}): ${problem}`);
    });
    expect(problems).toEqual([]);
    // One of each kind, which says enough of what takes the longest: with a pool that is created in the same run.
    const few = KINDS.map((kind) => planned.find((each) => each.kind === kind)?.name);
    const again = await planConfigurations(
      Object.fromEntries(Object.entries(configurations).filter(([name]) => few.includes(name))),
    );
    await refuseFurtherChanges(again);
    await destroy(again);
  },
);

/** Another part of the pairs each day, and a smaller one of a release that is not a default. */
function chosenFrom({ module }: Kind, pairs: readonly Combination[]): readonly Combination[] {
  const isDefault = !module || MODULES.find(({ cloud }) => cloud === module.cloud) === module;
  return sliceOf(pairs, isDefault ? 2 : 6);
}

/**
 * What is said is never less than what a machine gets, and more by little where the boot script was read: by names that
 * only Terraform knows, and that are counted as long as they may be.
 */
function missized(said: BootData | undefined, real: number): readonly string[] {
  const bytes = said?.bytes ?? 0;
  const most = said?.isEstimate ? Number.POSITIVE_INFINITY : real + 1100;
  return bytes >= real && bytes <= most ? [] : [`${bytes} bytes are said, of ${real}`];
}

/** What the module puts in front of a boot script is assigned by Terraform. */
async function shellcheck(scripts: readonly string[]): Promise<void> {
  const folder = await temporaryFolder();
  const names = scripts.map((_, index) => `${index}.sh`);
  for (const [index, text] of scripts.entries()) await writeFile(path.join(folder, `${index}.sh`), text);
  await execa('shellcheck', ['-s', 'bash', '-e', 'SC2154', ...names], { cwd: folder });
}

testWith('terraform')('the stand-ins refuse what providers do not have', async () => {
  const mistyped = { texts: { 'main.tf': 'resource "aws_s3_bucket" "b" {\n  buckt = "x"\n}\n' } };
  await expect(validateConfigurations({ mistyped })).rejects.toThrow('buckt');
});
