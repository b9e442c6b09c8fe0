import { UserError } from '../core/errors.ts';
import { nearest } from '../core/nearest.ts';

type Rule = readonly [pattern: RegExp, expectation: string];

const trueOrFalse: Rule = [/^(?:true|false)$/, 'true or false'];
const duration: Rule = [/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/, 'a Go duration such as 70m'];
const path: Rule = [/^\/[^\s]*$/, 'an absolute path'];
const words: Rule = [/^[A-Za-z0-9_]+(?:,[A-Za-z0-9_]+)*$/, 'names separated by commas'];
const mounts: Rule = [/^\/[^:,]*:\/[^:,]*(?:,\/[^:,]*:\/[^:,]*)*$/, '/host/path:/container/path, separated by commas'];
const serverUrl: Rule = [/^https:\/\/[a-z0-9.-]+(?::\d+)?\/?$/i, 'https://HOST or https://HOST:PORT'];
const anyUrl: Rule = [/^https?:\/\/[^\s]+$/i, 'an http or https URL'];
const something: Rule = [/./s, 'something'];

/** The launcher's variables, as Spacelift documents them, and what each may hold. `<N>` counts from 0. */
const RULES: Readonly<Record<string, Rule>> = {
  SPACELIFT_MASK_ENVS: words,
  SPACELIFT_SENSITIVE_OUTPUT_UPLOAD_ENABLED: trueOrFalse,
  SPACELIFT_RUN_LOGS_ON_STANDARD_OUTPUT_ENABLED: trueOrFalse,
  SPACELIFT_LAUNCHER_RUN_INITIALIZATION_POLICY: path,
  SPACELIFT_LAUNCHER_LOGS_TIMEOUT: duration,
  SPACELIFT_LAUNCHER_RUN_TIMEOUT: duration,
  SPACELIFT_DEBUG: trueOrFalse,
  SPACELIFT_DOCKER_CONFIG_DIR: path,
  SPACELIFT_WHITELIST_ENVS: words,
  SPACELIFT_WORKER_EXTRA_MOUNTS: mounts,
  SPACELIFT_WORKER_RO_EXTRA_MOUNTS: mounts,
  SPACELIFT_WORKER_WO_EXTRA_MOUNTS: mounts,
  SPACELIFT_WORKER_NETWORK: something,
  SPACELIFT_WORKER_RUNTIME: something,
  SPACELIFT_DEFAULT_RUNNER_IMAGE: something,
  SPACELIFT_DEFAULT_ANSIBLE_RUNNER_IMAGE: something,
  // terraform-aws-spacelift-workerpool-on-ec2, docs/upgrade/v8.x-to-v9.0.md@88372bb
  SPACELIFT_WORKER_COMMS_PROTOCOL: [/^(?:poll|mqtt)$/, 'poll or mqtt'],
  SPACELIFT_WORKER_COMMS_URL: serverUrl,
  'SPACELIFT_PRIVATEVCS_MAPPING_NAME_<N>': something,
  'SPACELIFT_PRIVATEVCS_MAPPING_BASE_ENDPOINT_<N>': anyUrl,
};

const SECRETS = ['SPACELIFT_TOKEN', 'SPACELIFT_POOL_PRIVATE_KEY'];

/**
 * One `NAME=VALUE` for the launcher's environment. Names with the prefix SPACELIFT_METADATA_ become tags of the worker;
 * names without SPACELIFT_ (proxies, what SPACELIFT_WHITELIST_ENVS hands on) may hold anything. `position` tells it from
 * others, where it cannot be shown.
 * @throws UserError `SPACECTL_BAD_INPUT` for an unknown SPACELIFT_ name (with the nearest one) or a value of another type
 */
export function parseVariable(text: string, position = 1): readonly [name: string, value: string] {
  const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    // Only what can be a name is shown: people put secrets where they do not belong.
    const isName = /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);
    throw bad(`A variable is given as NAME=VALUE; ${isName ? text : `number ${position}`} is not`);
  }
  if (SECRETS.includes(name)) throw bad(`${name} is a secret; it is taken from the pool's folder, never from --env`);
  if (!name.startsWith('SPACELIFT_')) return [name, value];
  if (/^SPACELIFT_METADATA_.+/.test(name)) {
    if (value === '' || value === 'null') throw bad(`${name} is "${value}": it would become a tag of the worker`);
    return [name, value];
  }
  const rule = RULES[name.replace(/_(?:0|[1-9]\d*)$/, '_<N>')];
  if (!rule) {
    const close = nearest(name, Object.keys(RULES));
    throw bad(`${name} is no variable of the launcher${close ? `; did you mean ${close}?` : ''}`);
  }
  if (!rule[0].test(value)) throw bad(`${name} takes ${rule[1]}, not "${value}"`);
  return [name, value];
}

function bad(message: string): UserError {
  return new UserError('SPACECTL_BAD_INPUT', message);
}

export { RULES as LAUNCHER_VARIABLES };
