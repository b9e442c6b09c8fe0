import { UserError } from '../../core/errors.ts';
import { type Inputs, yesNo } from '../../step/input.ts';
import { inquiry } from '../../step/inquiry.ts';
import type { Check, Examined, Finding } from './check.ts';
import { doctorInputs } from './inputs.ts';

/** One check with what it found. */
export interface Checked {
  readonly id: string;
  readonly title: string;
  readonly findings: readonly Finding[];
}

/** What the doctor has to say. */
export interface Diagnosis {
  readonly isHealthy: boolean;
  readonly environment: string;
  readonly checks: readonly Checked[];
}

const pre = yesNo({ summary: 'Only what matters before anything is installed' });

/** Looks at the worker host, changes nothing, and says of each thing whether it is as it should be. */
export const doctor = inquiry({
  inputs: { ...doctorInputs, pre } satisfies Inputs,
  async run({ pre: isBefore, skip, ...values }, signal): Promise<Diagnosis> {
    const { examine } = await import('./examine.ts');
    const { CHECKS } = await import('./checks/all-checks.ts');
    refuseUnknown(skip, CHECKS);
    const host = await examine({ ...values, skip }, signal);
    const wanted = CHECKS.filter(({ id, stage }) => !skip.includes(id) && (stage === 'always' || !isBefore));
    // All at once, for the network's silence takes its time. Their order is the order in which things are mended.
    const checks = await Promise.all(wanted.map((check) => carryOut(check, host)));
    host.client.close();
    const isHealthy = checks.every(({ findings }) => findings.every(({ status }) => status !== 'bad'));
    return { isHealthy, environment: host.environment, checks };
  },
});

/** A check that cannot be carried out is no verdict, and does not keep the others from theirs. */
async function carryOut({ id, title, run }: Check, host: Examined): Promise<Checked> {
  try {
    return { id, title, findings: [await run(host)].flat() };
  } catch (error) {
    if (!(error instanceof UserError) || error.code === 'SPACECTL_INTERRUPTED') throw error;
    return { id, title, findings: [{ status: 'skipped', evidence: error.message }] };
  }
}

function refuseUnknown(ids: readonly string[], checks: readonly Check[]): void {
  const known = checks.map(({ id }) => id);
  const strange = ids.find((id) => !known.includes(id));
  if (strange)
    throw new UserError('SPACECTL_BAD_INPUT', `--skip: there is no check "${strange}"; there are ${known.join(', ')}`);
}
