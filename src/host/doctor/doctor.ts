import { UserError } from '../../core/errors.ts';
import { type Inputs, type Values, yesNo } from '../../step/input.ts';
import { inquiry } from '../../step/inquiry.ts';
import type { Check, Finding } from './check.ts';
import { doctorInputs } from './inputs.ts';
import type { HostReader } from './reader.ts';
import { sayOnce } from './say-once.ts';

/** A check and its findings. */
export interface Checked {
  readonly id: string;
  readonly title: string;
  readonly findings: readonly Finding[];
}

/** The doctor's findings. */
export interface Diagnosis {
  readonly isHealthy: boolean;
  readonly environment: string;
  readonly checks: readonly Checked[];
}

const pre = yesNo({ summary: 'Run only the checks that matter before an installation' });

const inputs = { ...doctorInputs, pre } satisfies Inputs;

/** Checks the worker host. Changes nothing. */
export const doctor = inquiry({
  inputs,
  async run(values, signal): Promise<Diagnosis> {
    const { createMachineReader } = await import('./machine-reader.ts');
    const reader = createMachineReader(values, signal);
    try {
      return await diagnose(reader, values);
    } finally {
      reader.close();
    }
  },
});

/** Checks the machine that a reader reads. @throws UserError `SPACECTL_BAD_INPUT` for an unknown check to skip */
export async function diagnose(reader: HostReader, values: Values<typeof inputs>): Promise<Diagnosis> {
  const { factsFor, gatherFacts } = await import('./facts/facts.ts');
  const { CHECKS } = await import('./checks/all-checks.ts');
  rejectUnknown(values.skip, CHECKS);
  const wanted = CHECKS.filter(({ id, stage }) => !values.skip.includes(id) && (stage === 'always' || !values.pre));
  const needed = new Set(wanted.flatMap(({ needs }) => needs));
  const gathered = await gatherFacts([...needed], reader, values);
  const checks = sayOnce(
    wanted.map(({ id, title, needs, judge }): Checked => {
      const facts = factsFor(needs, gathered);
      const findings =
        facts instanceof UserError ? [{ status: 'skipped', evidence: facts.message } as const] : [judge(facts)].flat();
      return { id, title, findings };
    }),
  );
  const isHealthy = checks.every(({ findings }) => findings.every(({ status }) => status !== 'bad'));
  return { isHealthy, environment: gathered.environment, checks };
}

function rejectUnknown(ids: readonly string[], checks: readonly Check[]): void {
  const known = checks.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown)
    throw new UserError('SPACECTL_BAD_INPUT', `--skip: "${unknown}" is not a check`, {
      suggestions: [`Use one of ${known.join(', ')}`],
    });
}
