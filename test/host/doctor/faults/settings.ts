import type { Fault } from './fault.ts';

const setting = (fault: string, name: string, value: string, evidence: RegExp, more: Partial<Fault> = {}): Fault => ({
  fault,
  break: (host) => host.set(name, value),
  check: 'settings',
  about: name,
  evidence,
  cure: new RegExp(`--env ${name}=VALUE`),
  ...more,
});

const MOUNTS = 'SPACELIFT_WORKER_EXTRA_MOUNTS';
const CONFIG = '/etc/spacelift/docker/config.json';
/** A configuration with logins, installed as the program does. */
const withLogins: Fault['break'] = (host) => {
  host.put(CONFIG, '{"auths":{}}', { mode: 0o640, group: 1983 });
  host.set('SPACELIFT_DOCKER_CONFIG_DIR', '/etc/spacelift/docker');
};

export const settingFaults: readonly Fault[] = [
  setting('a run timeout has no unit', 'SPACELIFT_LAUNCHER_RUN_TIMEOUT', '120', /"120" is not a duration/),
  setting(
    'a mount has no path in the container',
    'SPACELIFT_WORKER_RO_EXTRA_MOUNTS',
    '/opt/cache',
    /"\/opt\/cache" is not/,
    { about: MOUNTS, cure: new RegExp(`--env ${MOUNTS}=VALUE`) },
  ),
  setting(
    'a mounted directory does not exist',
    'SPACELIFT_WORKER_WO_EXTRA_MOUNTS',
    '/srv/cache:/cache',
    /\/srv\/cache does not exist/,
    { about: MOUNTS, cure: new RegExp(`--env ${MOUNTS}=VALUE`) },
  ),
  setting('a variable to pass on is misspelled', 'SPACELIFT_WHITELIST_ENVS', 'ro_TF_LOG', /not passed on: TF_LOG/, {
    isWarning: true,
  }),
  setting('the network of the containers does not exist', 'SPACELIFT_WORKER_NETWORK', 'runs', /no network "runs"/, {
    cure: ['docker network create runs'],
  }),
  setting(
    'the runtime of the containers is not installed',
    'SPACELIFT_WORKER_RUNTIME',
    'runsc',
    /no runtime "runsc"; it has io\.containerd\.runc\.v2, runc/,
  ),
  setting(
    'the initialization policy does not exist',
    'SPACELIFT_LAUNCHER_RUN_INITIALIZATION_POLICY',
    '/etc/spacelift/policy.rego',
    /policy\.rego does not exist/,
  ),
  setting(
    'a VCS agent has a name and no address',
    'SPACELIFT_PRIVATEVCS_MAPPING_NAME_0',
    'git',
    /is not set, and SPACELIFT_PRIVATEVCS_MAPPING_NAME_0 is/,
    {
      about: 'SPACELIFT_PRIVATEVCS_MAPPING_BASE_ENDPOINT_0',
      cure: /--env SPACELIFT_PRIVATEVCS_MAPPING_BASE_ENDPOINT_0=VALUE/,
    },
  ),
  {
    fault: "Docker's logins are gone",
    break(host) {
      withLogins(host);
      host.files.delete(CONFIG);
    },
    check: 'settings',
    about: CONFIG,
    evidence: /^does not exist/,
    cure: /--docker-config FILE/,
  },
  {
    fault: "Docker's logins are cut off",
    break(host) {
      withLogins(host);
      host.edit(CONFIG, (text) => text.slice(0, -1));
    },
    check: 'settings',
    about: CONFIG,
    evidence: /is not valid JSON/,
    cure: /Correct it/,
  },
  {
    fault: "the launcher cannot read Docker's logins",
    break(host) {
      withLogins(host);
      host.change(CONFIG, { mode: 0o600, group: 0 });
    },
    check: 'settings',
    about: CONFIG,
    evidence: /cannot read it/,
    cure: [`chgrp spacelift ${CONFIG}`, `chmod 640 ${CONFIG}`],
  },
];
