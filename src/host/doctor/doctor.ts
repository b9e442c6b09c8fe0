import { UserError } from '../../core/errors.ts';
import { type Inputs, yesNo } from '../../step/input.ts';
import { inquiry } from '../../step/inquiry.ts';
import type { Check, Finding, HostFacts } from './check.ts';
import { doctorInputs } from './inputs.ts';

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

/** Checks the worker host. Changes nothing. */
export const doctor = inquiry({
  inputs: { ...doctorInputs, pre } satisfies Inputs,
  async run({ pre: isBefore, skip, ...values }, signal): Promise<Diagnosis> {
    const { gatherFacts } = await import('./gather-facts.ts');
    const { CHECKS } = await import('./checks/all-checks.ts');
    rejectUnknown(skip, CHECKS);
    const host = await gatherFacts({ ...values, skip }, signal);
    const wanted = CHECKS.filter(({ id, stage }) => !skip.includes(id) && (stage === 'always' || !isBefore));
    // All at once, because network timeouts take time. They are reported in the order in which problems should be fixed.
    const checks = await Promise.all(wanted.map((check) => runCheck(check, host)));
    host.client.close();
    const isHealthy = checks.every(({ findings }) => findings.every(({ status }) => status !== 'bad'));
    return { isHealthy, environment: host.environment, checks };
  },
});

/** Runs a check. One that fails to run is reported as skipped. */
async function runCheck({ id, title, run }: Check, host: HostFacts): Promise<Checked> {
  try {
    return { id, title, findings: [await run(host)].flat() };
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'SPACECTL_INTERRUPTED') throw error;
    return { id, title, findings: [{ status: 'skipped', evidence: error.message }] };
  }
}

function rejectUnknown(ids: readonly string[], checks: readonly Check[]): void {
  const known = checks.map(({ id }) => id);
  const unknown = ids.find((id) => !known.includes(id));
  if (unknown)
    throw new UserError('SPACECTL_BAD_INPUT', `--skip: "${unknown}" is not a check`, {
      suggestions: [`Use one of ${known.join(', ')}`],
    });
}
