import { bad, type Check, defineCheck, type Finding, orGood, skipped, warning } from '../check.ts';
import { RESTART } from '../cures.ts';
import type { Facts } from '../facts/facts.ts';
import type { LauncherProcess } from '../facts/process.ts';

const MIN_FILES = 1024;
const MIN_PROCESSES = 64;

/** Checks the launcher that runs: it has what it had when it started, which may not be what is installed now. */
const runningProcess = defineCheck({
  id: 'process',
  title: 'Running launcher',
  stage: 'installed',
  needs: ['processes', 'installation', 'accounts', 'machine', 'units'],
  judge(facts) {
    const { launcher, others } = facts.processes;
    const second = others.map(({ pid, program }) =>
      bad(
        `process ${pid} is another launcher, ${program}: both take runs of this host`,
        {
          fix: `Stop what started it (systemctl status ${pid})`,
          commands: [`kill ${pid}`],
        },
        { about: `process ${pid}` },
      ),
    );
    if (!launcher) return second.length > 0 ? second : skipped('the launcher does not run');
    if (!launcher.environment && facts.machine.isRoot === false) return skipped('only root can read it');
    const findings = [
      ...second,
      ...judgeEnvironment(launcher, facts),
      ...judgeIdentity(launcher, facts),
      ...judgeLimits(launcher),
    ];
    return orGood(findings, `process ${launcher.pid} has the installed settings`);
  },
});

function judgeEnvironment(
  { environment, program }: LauncherProcess,
  { installation }: Pick<Facts, 'installation'>,
): readonly Finding[] {
  const restart = { fix: 'Restart the launcher', commands: [RESTART] };
  const findings: Finding[] = [];
  if (environment) {
    const wanted = Object.assign({}, ...installation.environmentFiles.map(({ variables }) => variables)) as Record<
      string,
      string
    >;
    const different = Object.keys(wanted).filter((name) => environment[name] !== wanted[name]);
    if (different.length > 0)
      findings.push(
        bad(`runs with values that differ from the installed ones: ${different.sort().join(', ')}`, restart, {
          about: 'settings',
          explains: ['worker/environment-differs', 'worker/token-of-another-pool'],
        }),
      );
  }
  if (program?.endsWith(' (deleted)'))
    findings.push(warning('another launcher was installed since it started', restart, { about: 'program' }));
  return findings;
}

function judgeIdentity({ user }: LauncherProcess, { accounts }: Pick<Facts, 'accounts'>): readonly Finding[] {
  if (user === undefined || !accounts.spacelift || user === accounts.spacelift.id) return [];
  const name = accounts.users.find(({ id }) => id === user)?.name ?? `UID ${user}`;
  return [
    bad(
      `runs as ${name}, not as spacelift`,
      { fix: 'Set User=spacelift in the unit: systemctl edit spacelift-launcher' },
      { about: 'user' },
    ),
  ];
}

function judgeLimits({ maxFiles, maxProcesses }: LauncherProcess): readonly Finding[] {
  const judge = (value: number | undefined, least: number, words: (limit: number) => string, directive: string) =>
    value !== undefined && value < least
      ? [
          bad(
            words(value),
            { fix: `Raise ${directive}= in the unit: systemctl edit spacelift-launcher` },
            { about: directive },
          ),
        ]
      : [];
  return [
    ...judge(maxFiles, MIN_FILES, (limit) => `can open only ${limit} files`, 'LimitNOFILE'),
    ...judge(maxProcesses, MIN_PROCESSES, (limit) => `can start only ${limit} processes`, 'LimitNPROC'),
  ];
}

export const processChecks: readonly Check[] = [runningProcess];
