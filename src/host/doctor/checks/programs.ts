import { bad, type Check, defineCheck, type Finding, orGood } from '../check.ts';
import type { Facts } from '../facts/facts.ts';

/** A program that the host's scripts run: one of several, and what it is for. */
interface Need {
  readonly oneOf: readonly string[];
  readonly purpose: string;
  /** Its package with apt-get and with dnf. */
  readonly packages: readonly [string, string];
  /** Later findings that its absence explains. */
  readonly explains: readonly string[];
}

const LAUNCHER = ['updates/launcher', 'launcher', 'worker/launcher-update-failed'];
const BUNDLE = ['updates/bundle', 'worker/bundle-update-failed'];
const SERVICE = ['secrets', 'service', 'worker'];

/** Checks the programs that the installed scripts run. Without one, an update fails at the next start. */
const programs = defineCheck({
  id: 'programs',
  title: 'Programs',
  stage: 'installed',
  needs: ['programs', 'paths', 'installation', 'units'],
  judge(facts) {
    const { installed, manager } = facts.programs;
    const missing = neededBy(facts).filter(({ oneOf }) => !oneOf.some((name) => installed.has(name)));
    const findings = missing.map(({ oneOf, purpose, packages: [debian, redHat], explains }): Finding => {
      const name = manager === 'dnf' ? redHat : debian;
      const fix = `Install the package ${name}`;
      const commands = manager ? [`${manager} install -y ${name}`] : [];
      return bad(
        `not installed, and ${purpose} needs it`,
        { fix, ...(manager && { commands }) },
        { about: oneOf.join(' or '), explains },
      );
    });
    return orGood(findings, 'the scripts of this host have what they run');
  },
});

function neededBy({ paths, installation, units }: Pick<Facts, 'paths' | 'installation' | 'units'>): readonly Need[] {
  const has = (path: string) => paths.entries.get(path) !== undefined;
  const script = (name: string) => has(`/usr/local/sbin/${name}`);
  const isPinned = installation.release !== undefined && 'sha256' in installation.release;
  const isFetched = script('spacelift-fetch-secrets');
  const need = (
    oneOf: readonly string[],
    purpose: string,
    packages: Need['packages'],
    explains: Need['explains'],
  ): Need => ({
    oneOf,
    purpose,
    packages,
    explains,
  });
  const needs = [
    ...(script('spacelift-update-launcher')
      ? [
          ...(isPinned ? [] : [need(['gpg'], 'the verification of the launcher', ['gpg', 'gnupg2'], LAUNCHER)]),
          need(['curl', 'wget'], 'the update of the launcher', ['curl', 'curl'], LAUNCHER),
          ...['sha256sum', 'mktemp', 'od'].map((name) =>
            need([name], 'the update of the launcher', ['coreutils', 'coreutils'], LAUNCHER),
          ),
          need(['awk'], 'the update of the launcher', ['mawk', 'gawk'], LAUNCHER),
        ]
      : []),
    ...(script('spacelift-update-ca-bundle')
      ? [
          need(
            ['docker', 'podman'],
            'the update of the CA bundle',
            ['docker-cli', 'podman-docker'],
            [...BUNDLE, 'engine'],
          ),
          need(['cmp'], 'the update of the CA bundle', ['diffutils', 'diffutils'], BUNDLE),
          need(['timeout'], 'the update of the CA bundle', ['coreutils', 'coreutils'], BUNDLE),
        ]
      : []),
    ...(script('spacelift-worker-check')
      ? [need(['ss'], 'the check whether this host is a worker', ['iproute2', 'iproute'], ['worker'])]
      : []),
    ...(isFetched
      ? [
          need(['jq'], 'the script that fetches the secrets', ['jq', 'jq'], SERVICE),
          need(['curl'], 'the script that fetches the secrets', ['curl', 'curl'], SERVICE),
        ]
      : []),
    ...(has('/etc/spacelift/secrets.env.cred')
      ? [need(['systemd-creds'], 'the encrypted secrets', ['systemd', 'systemd'], SERVICE)]
      : []),
    ...(units.get('spacelift-recycle.timer')?.load === 'loaded' && has('/etc/spacelift/api.env')
      ? [need(['jq'], 'draining the worker before a restart', ['jq', 'jq'], [])]
      : []),
    ...(has('/var/log/spacelift/info.log')
      ? [need(['logrotate'], 'the rotation of the logs', ['logrotate', 'logrotate'], [])]
      : []),
  ];
  return needs.filter((each, index) => needs.findIndex(({ oneOf }) => oneOf.join() === each.oneOf.join()) === index);
}

export const programChecks: readonly Check[] = [programs];
