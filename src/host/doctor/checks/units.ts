import { LAUNCHER, SERVICE } from '../../install/install-record.ts';
import { bad, type Check, defineCheck, type Finding, orGood, skipped } from '../check.ts';
import { disableDropIn, installAgain } from '../cures.ts';
import type { Facts } from '../facts/facts.ts';

const ENGINE = ['engine-socket', 'engine', 'service', 'worker', 'bundle-mounted'];
const LAUNCHER_ONLY = ['service', 'process', 'worker'];

const WITHOUT_SERVICE = [
  'account',
  'directories',
  'environment-files',
  'installed-files',
  'launcher',
  'service',
  'worker',
];

/** Checks how systemd sees the units: masked, changed since it read them, or overridden by a drop-in. */
const units = defineCheck({
  id: 'units',
  title: 'Units',
  stage: 'installed',
  needs: ['units', 'engine', 'installation'],
  judge(facts) {
    if (facts.units.size === 0) return skipped('systemd does not respond');
    if (facts.units.get(SERVICE)?.load === 'not-found')
      return bad(`${SERVICE} is not installed`, installAgain(facts.installation, 'Install it'), {
        explains: WITHOUT_SERVICE,
      });
    const findings = [...judgeMasked(facts), ...judgeReload(facts), ...judgeDropIns(facts), ...judgeTimer(facts)];
    return orGood(findings, 'none is masked, changed or overridden');
  },
});

type Given = Pick<Facts, 'units' | 'engine' | 'installation'>;

/** The units that the launcher's engine needs. */
function engineUnits({ engine, units }: Given): readonly string[] {
  if (engine.kind === 'podman') return ['spacelift-podman.socket', 'spacelift-podman.service'];
  const isSnap = units.get('snap.docker.dockerd.service')?.load === 'loaded';
  return engine.kind === 'docker' && !isSnap ? ['docker.service', 'docker.socket'] : [];
}

function judgeMasked(facts: Given): readonly Finding[] {
  const isMasked = (name: string) => facts.units.get(name)?.load === 'masked';
  const engine = engineUnits(facts).filter(isMasked);
  const findings: Finding[] = [];
  if (engine.length > 0) {
    // Unmasking Docker's service does not start it, and its socket would only start it with the next connection.
    const start = `systemctl start ${engineUnits(facts)[0]}`;
    const commands = [`systemctl unmask ${engine.join(' ')}`, start, `systemctl start ${SERVICE}`];
    findings.push(
      bad(
        'is masked: systemd does not start it',
        { fix: 'Unmask and start it', commands },
        { about: engine.join(', '), explains: ENGINE },
      ),
    );
  }
  if (isMasked(SERVICE)) {
    const { fix, commands = [] } = installAgain(facts.installation, 'Unmask it and install again');
    const all = commands.length > 0 ? { commands: [`systemctl unmask ${SERVICE}`, ...commands] } : {};
    findings.push(
      bad(
        'is masked: systemd does not start it',
        { fix, ...all },
        { about: SERVICE, explains: [...LAUNCHER_ONLY, `installed-files//etc/systemd/system/${SERVICE}`] },
      ),
    );
  }
  return findings;
}

function judgeReload(facts: Given): readonly Finding[] {
  const all = [SERVICE, ...engineUnits(facts)].filter(
    (name) => facts.units.get(name)?.needsReload && facts.units.get(name)?.load !== 'masked',
  );
  if (all.length === 0) return [];
  const services = all.filter((name) => name.endsWith('.service'));
  return [
    bad(
      'its files changed since systemd read them: the old ones are in effect',
      {
        fix: 'Let systemd read them and restart; a restart of Docker ends its runs',
        commands: ['systemctl daemon-reload', `systemctl restart ${services.join(' ')}`],
      },
      { about: all.join(', '), explains: ['process'] },
    ),
  ];
}

/** What a drop-in must not change: what the launcher is, and the directories and files that it shares with the engine. */
function problemWith(name: string, value: string): string | undefined {
  const isOn = /^(?:yes|true|on|1)$/i.test(value);
  if (name === 'ExecStart' && value !== '' && !value.includes(LAUNCHER)) return 'it starts another program';
  if (name === 'User' && value !== 'spacelift') return 'the launcher runs as another user';
  if (name === 'EnvironmentFile' && value === '') return 'the launcher gets no settings and no token';
  if (name === 'SupplementaryGroups' && value === '') return 'the launcher loses its access to the engine';
  if (name === 'PrivateTmp' && isOn)
    return 'the engine does not see files in /tmp that the launcher mounts into containers';
  if (name === 'ProtectSystem' && value === 'strict') return 'the launcher cannot write where it works';
  if (/^(?:InaccessiblePaths|ReadOnlyPaths)$/.test(name) && value.includes('/opt/spacelift'))
    return 'the launcher cannot work in /opt/spacelift';
  if (name === 'RestrictAddressFamilies' && value !== '' && !value.startsWith('~') && !value.includes('AF_INET'))
    return 'the launcher cannot use the network';
  if (name === 'LimitNOFILE' && Number(value.split(':').at(-1)) < MIN_FILES)
    return 'the launcher may open too few files';
  if (name === 'TasksMax' && Number(value) < MIN_TASKS) return 'the launcher may start too few threads';
  return undefined;
}

/** Far less than a launcher with a few runs uses; systemd's defaults are 524288 files and 15 % of the kernel's tasks. */
const MIN_FILES = 1024;
const MIN_TASKS = 64;

function judgeDropIns({ units: all }: Given): readonly Finding[] {
  const files = all.get(SERVICE)?.files ?? [];
  return files
    .filter(({ isDropIn }) => isDropIn)
    .flatMap(({ path, directives }) => {
      const resets = new Set(directives.filter(({ value }) => value === '').map(({ name }) => name));
      const kept = (name: string) => directives.some((each) => each.name === name && each.value !== '');
      const problems = directives.flatMap(({ name, value }) => {
        // An empty value followed by another one replaces the list.
        if (value === '' && resets.has(name) && kept(name)) return [];
        const problem = problemWith(name, value);
        return problem ? [`${name}=${value}: ${problem}`] : [];
      });
      if (problems.length === 0) return [];
      const fix = 'Disable this drop-in, or remove the line';
      return [
        bad(
          problems.join('; '),
          { fix, commands: disableDropIn(path) },
          { about: path, explains: [...LAUNCHER_ONLY, 'engine-socket'] },
        ),
      ];
    });
}

function judgeTimer({ units: all, installation }: Given): readonly Finding[] {
  const timer = all.get('spacelift-recycle.timer');
  if (timer?.load !== 'loaded' || timer.active === 'active') return [];
  if (installation.record && !installation.record.units.includes(timer.name)) return [];
  return [
    bad(
      `is ${timer.active}: the launcher is not restarted every week`,
      {
        fix: 'Start it, now and at boot',
        commands: [`systemctl enable --now ${timer.name}`],
      },
      { about: timer.name },
    ),
  ];
}

export const unitChecks: readonly Check[] = [units];
