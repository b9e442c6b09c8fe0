import * as v from 'valibot';
import { readJson } from '../core/json.ts';
import { workerReport } from '../host/index.ts';

/** What a host's own checks say about it. */
export interface HostReport {
  /** `undefined`: its check is not installed, or cannot tell. */
  readonly isWorker: boolean | undefined;
  /** What is wrong, according to `spacelift-worker-check`, and to the doctor where it is installed. */
  readonly faults: readonly string[];
  /** When the host was checked, in ISO 8601; `undefined` without a check. */
  readonly time: string | undefined;
}

const diagnosis = v.looseObject({
  checks: v.array(
    v.looseObject({
      id: v.string(),
      findings: v.array(v.looseObject({ status: v.string(), evidence: v.string() })),
    }),
  ),
});

/** Reads what `ASK_HOST` printed. */
export function readHostReport(lines: readonly string[]): HostReport {
  const after = (word: string) => lines.find((line) => line.startsWith(`${word} `))?.slice(word.length + 1) ?? '';
  const report = parsed(workerReport, after('worker-check'));
  const doctor = parsed(diagnosis, after('doctor'));
  const found = (doctor?.checks ?? []).flatMap(({ id, findings }) =>
    findings.filter(({ status }) => status === 'bad').map(({ evidence }) => `${id}: ${evidence}`),
  );
  return {
    isWorker: report?.worker ?? undefined,
    faults: [...(report?.faults ?? []).map(({ text }) => text), ...found],
    time: report?.time,
  };
}

function parsed<S extends v.GenericSchema>(schema: S, text: string): v.InferOutput<S> | undefined {
  try {
    return readJson(schema, text);
  } catch {
    return undefined;
  }
}
