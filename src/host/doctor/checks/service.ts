import { counted } from '../../../core/text.ts';
import { SERVICE } from '../../install/install-record.ts';
import { bad, type Check, defineCheck, type Finding, orGood, skipped, warning } from '../check.ts';
import { installAgain, RESTART } from '../cures.ts';
import type { Unit } from '../facts/units.ts';

/** Checks that the service runs, and starts at boot. */
const service = defineCheck({
  id: 'service',
  title: 'Service',
  stage: 'installed',
  needs: ['units', 'installation', 'processes'],
  judge({ units: all, installation, processes }) {
    const unit = all.get(SERVICE);
    if (!unit) return skipped('systemd does not respond');
    if (unit.load === 'not-found') return skipped('it is not installed');
    if (unit.load !== 'loaded' && unit.load !== 'masked')
      return bad(`systemd cannot load it: ${unit.load}`, { ...installAgain(installation) }, { explains: ['worker'] });
    const evidence = `${unit.active} (${unit.detail}), ${unit.enabled === 'enabled' ? 'enabled' : 'not enabled'}, restarted ${counted(unit.restarts, 'time')}`;
    const findings = [...judgeState(unit, evidence, processes.lastLine), ...judgeBoot(unit)];
    return orGood(findings, evidence);
  },
});

function judgeBoot({ enabled }: Unit): readonly Finding[] {
  if (enabled === 'enabled' || enabled === 'masked') return [];
  return [
    warning('it does not start at the next boot', { fix: 'Enable it', commands: [`systemctl enable ${SERVICE}`] }),
  ];
}

const LOG = 'journalctl -u spacelift-launcher --since -1h';

function judgeState(unit: Unit, evidence: string, lastLine: string | undefined): readonly Finding[] {
  const explains = { explains: ['process', 'worker', 'updates'] };
  const said = lastLine ? `; the last line of its log: ${lastLine}` : '';
  if (unit.result === 'oom-kill')
    return [
      bad(
        `${evidence}: the kernel killed it, because the memory was used up${said}`,
        {
          fix: 'Use a machine with more memory, or raise MemoryMax= of the unit; then start it',
          commands: [RESTART],
        },
        explains,
      ),
    ];
  if (unit.active === 'activating' || unit.active === 'reloading')
    return unit.restarts > 3
      ? [bad(`${evidence}: it fails and is started again${said}`, { fix: `See why: ${LOG}` }, explains)]
      : [warning(`${evidence}: it is starting`, { fix: `Wait, and follow its log: ${LOG}` }, explains)];
  if (unit.active === 'active')
    return unit.restarts > 3 ? [warning(evidence, { fix: `It keeps restarting. See why: ${LOG}` })] : [];
  const reason =
    unit.result === 'success' || unit.result === ''
      ? 'it was stopped'
      : `it ended with ${unit.result}, exit code ${unit.exitStatus}`;
  return [
    bad(
      `${evidence}: ${reason}${said}`,
      { fix: `Start it. If it does not stay up: ${LOG}`, commands: [`systemctl start ${SERVICE}`] },
      explains,
    ),
  ];
}

export const serviceChecks: readonly Check[] = [service];
