import { bad, type Check, defineCheck, orGood, skipped } from '../check.ts';
import { RESTART } from '../cures.ts';
import { WORKER_CHECK } from '../facts/worker.ts';

/** Checks whether this host is a worker, as its own script sees it. Causes that another check found are not said again. */
const worker = defineCheck({
  id: 'worker',
  title: 'Worker',
  stage: 'installed',
  needs: ['worker'],
  judge({ worker: { isInstalled, report, problem } }) {
    if (!isInstalled) return skipped(`${WORKER_CHECK} is not installed`);
    if (!report) return skipped(`${WORKER_CHECK}: ${problem ?? 'no answer'}`);
    const findings = report.faults.map(({ id, text }) =>
      bad(
        text,
        {
          fix: 'Restart the launcher. If that does not help: journalctl -u spacelift-launcher --since -1h',
          commands: [RESTART],
        },
        { about: id },
      ),
    );
    if (findings.length === 0 && !report.worker)
      return bad('this host is not a worker', { fix: `See what ${WORKER_CHECK} says` });
    return orGood(findings, report.comms ? `connected to ${report.comms}` : 'this host is a worker');
  },
});

export const workerChecks: readonly Check[] = [worker];
