import { type Checked, diagnose, doctor } from '../../src/host/doctor/doctor.ts';
import { ask } from '../../src/step/ask.ts';
import type { RecordedHost } from './recorded-host/index.ts';

/** A problem that the doctor reports. */
export interface Problem {
  readonly check: string;
  readonly status: string;
  readonly about: string | undefined;
  readonly evidence: string;
  readonly fix: string | undefined;
  readonly commands: readonly string[];
}

/** Runs all checks on a recorded host, with the doctor's defaults. @returns what fails or warns */
export async function problemsOf(
  host: RecordedHost,
  flags: Record<string, string[]> = {},
): Promise<readonly Problem[]> {
  return (await checksOf(host, flags)).flatMap(({ id, findings }) =>
    findings
      .filter(({ status }) => status === 'bad' || status === 'warning')
      .map(({ status, about, evidence, fix, commands = [] }) => ({
        check: id,
        status,
        about,
        evidence,
        fix,
        commands,
      })),
  );
}

/** Runs all checks on a recorded host, with the doctor's defaults. */
export async function checksOf(host: RecordedHost, flags: Record<string, string[]> = {}): Promise<readonly Checked[]> {
  const { values } = await ask(doctor.inputs, { flags, environment: {}, answersFile: {} });
  // The recorded host has the directory, and this machine does not.
  return (await diagnose(host, { ...values, dir: flags['dir']?.[0] ?? 'no-such-folder/pool' } as never)).checks;
}
