import { bad, type Check, defineCheck, type Finding, orGood, warning } from '../check.ts';
import { changeSetting } from '../cures.ts';
import type { Facts } from '../facts/facts.ts';
import { bundleMounts, mountsOf } from '../facts/runner.ts';

type Given = Pick<Facts, 'installation' | 'engine' | 'files' | 'processes' | 'accounts' | 'paths'>;

/**
 * Checks the settings that the launcher documents (spacelift-io/user-documentation@0e75c7a,
 * docs/concepts/worker-pools/README.md): with a wrong one, runs fail on a worker that looks well.
 */
const settings = defineCheck({
  id: 'settings',
  title: 'Settings',
  stage: 'installed',
  needs: ['installation', 'engine', 'files', 'processes', 'accounts', 'paths'],
  judge(facts) {
    const findings = [
      ...judgeDurations(facts),
      ...judgeMounts(facts),
      ...judgePassedOn(facts),
      ...judgeNetwork(facts),
      ...judgeRuntime(facts),
      ...judgePolicy(facts),
      ...judgeDockerConfig(facts),
      ...judgeMappings(facts),
    ];
    return orGood(findings, `${Object.keys(facts.installation.settings).length} variables`);
  },
});

/** Reports a setting. What is wrong with it also explains that the file differs from what was installed. */
function wrong(status: typeof bad, name: string, evidence: string, meaning: string, { installation }: Given): Finding {
  return status(evidence, changeSetting(name, meaning, installation), {
    about: name,
    explains: ['installed-files//etc/spacelift/launcher.env'],
  });
}

/** A duration of Go (pkg.go.dev/time, ParseDuration). */
const DURATION = /^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|ms|s|m|h))+$/;

function judgeDurations(facts: Given): readonly Finding[] {
  return ['SPACELIFT_LAUNCHER_LOGS_TIMEOUT', 'SPACELIFT_LAUNCHER_RUN_TIMEOUT'].flatMap((name) => {
    const value = facts.installation.settings[name];
    if (value === undefined || DURATION.test(value)) return [];
    return [wrong(bad, name, `"${value}" is not a duration`, 'Write it with a unit, such as 120m', facts)];
  });
}

function judgeMounts(facts: Given): readonly Finding[] {
  const { settings: given } = facts.installation;
  const bundles = bundleMounts(given).map(({ file }) => file);
  return mountsOf(given).flatMap(({ file, path }) => {
    const name = 'SPACELIFT_WORKER_EXTRA_MOUNTS';
    if (!file.startsWith('/') || !path.startsWith('/'))
      return [
        wrong(
          bad,
          name,
          `"${file}${path ? `:${path}` : ''}" is not /HOST/PATH:/CONTAINER/PATH`,
          'Correct the mount',
          facts,
        ),
      ];
    // The check of the bundle reports its file.
    if (bundles.includes(file) || facts.files.exists.get(file) !== false) return [];
    return [
      wrong(
        bad,
        name,
        `${file} does not exist: containers get an empty directory, or do not start`,
        'Create it, or remove the mount',
        facts,
      ),
    ];
  });
}

function judgePassedOn(facts: Given): readonly Finding[] {
  const { installation, processes } = facts;
  const environment = processes.launcher?.environment;
  if (!environment) return [];
  const names = (installation.settings['SPACELIFT_WHITELIST_ENVS'] ?? '')
    .split(',')
    .map((name) => name.trim().replace(/^[rw]o_/, ''));
  const unset = names.filter((name) => name !== '' && !(name in environment) && !(name in installation.settings));
  return unset.length === 0
    ? []
    : [
        wrong(
          warning,
          'SPACELIFT_WHITELIST_ENVS',
          `not set, so not passed on: ${unset.join(', ')}`,
          'Set them, or remove them from the list',
          facts,
        ),
      ];
}

function judgeNetwork(facts: Given): readonly Finding[] {
  const name = 'SPACELIFT_WORKER_NETWORK';
  const value = facts.installation.settings[name];
  const { networks } = facts.engine;
  if (
    value === undefined ||
    !networks ||
    networks.includes(value) ||
    /^(?:host|none|bridge|[0-9a-f]{12,64}|container:.*)$/.test(value)
  )
    return [];
  return [
    {
      ...wrong(bad, name, `the engine has no network "${value}"`, 'Create it, or name another one', facts),
      commands: [`docker network create ${value}`],
    },
  ];
}

function judgeRuntime(facts: Given): readonly Finding[] {
  const name = 'SPACELIFT_WORKER_RUNTIME';
  const value = facts.installation.settings[name];
  const { info, client } = facts.engine;
  if (
    value === undefined ||
    client !== 'docker' ||
    !info ||
    info.runtimes.length === 0 ||
    info.runtimes.includes(value)
  )
    return [];
  return [
    wrong(
      bad,
      name,
      `the engine has no runtime "${value}"; it has ${info.runtimes.join(', ')}`,
      'Install it, or name another one',
      facts,
    ),
  ];
}

function judgePolicy(facts: Given): readonly Finding[] {
  const name = 'SPACELIFT_LAUNCHER_RUN_INITIALIZATION_POLICY';
  const file = facts.installation.settings[name];
  if (file === undefined || facts.files.exists.get(file) !== false) return [];
  return [wrong(bad, name, `${file} does not exist: the launcher exits`, 'Create it, or remove the setting', facts)];
}

/** Checks Docker's configuration with the logins for registries, which the launcher reads as its own user. */
function judgeDockerConfig(facts: Given): readonly Finding[] {
  const name = 'SPACELIFT_DOCKER_CONFIG_DIR';
  const folder = facts.installation.settings[name];
  if (folder === undefined) return [];
  const file = `${folder}/config.json`;
  const more = { about: file, explains: [`installed-files/${file}`] };
  if (facts.files.exists.get(file) === false)
    return [
      bad(
        'does not exist: the launcher has no logins for registries',
        { fix: 'Install again with --docker-config FILE' },
        more,
      ),
    ];
  if (facts.files.isDockerConfigJson === false)
    return [bad('is not valid JSON', { fix: 'Correct it, or install again with --docker-config FILE' }, more)];
  const [entry, user] = [facts.paths.entries.get(file), facts.accounts.spacelift];
  if (
    !entry ||
    !user ||
    entry.owner === user.id ||
    (entry.mode & 0o004) !== 0 ||
    (entry.group === user.group && (entry.mode & 0o040) !== 0)
  )
    return [];
  return [
    bad(
      'the user spacelift cannot read it',
      { fix: 'Let its group read it', commands: [`chgrp spacelift ${file}`, `chmod 640 ${file}`] },
      more,
    ),
  ];
}

function judgeMappings(facts: Given): readonly Finding[] {
  const { settings: given } = facts.installation;
  return Object.keys(given).flatMap((name) => {
    const [, part, number] = /^SPACELIFT_PRIVATEVCS_MAPPING_(NAME|BASE_ENDPOINT)_(\d+)$/.exec(name) ?? [];
    const other = `SPACELIFT_PRIVATEVCS_MAPPING_${part === 'NAME' ? 'BASE_ENDPOINT' : 'NAME'}_${number}`;
    return part === undefined || other in given
      ? []
      : [wrong(bad, other, `is not set, and ${name} is`, 'A mapping needs both', facts)];
  });
}

export const settingChecks: readonly Check[] = [settings];
