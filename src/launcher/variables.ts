import { UserError } from '../core/errors.ts';
import { findNearest } from '../core/nearest.ts';

type Rule = readonly [pattern: RegExp, expectation: string];

const trueOrFalse: Rule = [/^(?:true|false)$/, 'true or false'];
const duration: Rule = [/^(?:\d+(?:\.\d+)?(?:ns|us|µs|ms|s|m|h))+$/, 'a Go duration such as 70m'];
const path: Rule = [/^\/[^\s]*$/, 'an absolute path'];
const words: Rule = [/^[A-Za-z0-9_]+(?:,[A-Za-z0-9_]+)*$/, 'names separated by commas'];
const mounts: Rule = [/^\/[^:,]*:\/[^:,]*(?:,\/[^:,]*:\/[^:,]*)*$/, '/host/path:/container/path, separated by commas'];
const serverUrl: Rule = [/^https:\/\/[a-z0-9.-]+(?::\d+)?\/?$/i, 'https://HOST or https://HOST:PORT'];
const anyUrl: Rule = [/^https?:\/\/[^\s]+$/i, 'an http or https URL'];
const nonEmpty: Rule = [/./s, 'a value'];

/** The launcher's environment variables, as Spacelift documents them, with their values. `<N>` counts from 0. */
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
  SPACELIFT_WORKER_NETWORK: nonEmpty,
  SPACELIFT_WORKER_RUNTIME: nonEmpty,
  SPACELIFT_DEFAULT_RUNNER_IMAGE: nonEmpty,
  SPACELIFT_DEFAULT_ANSIBLE_RUNNER_IMAGE: nonEmpty,
  // terraform-aws-spacelift-workerpool-on-ec2, docs/upgrade/v8.x-to-v9.0.md@88372bb
  SPACELIFT_WORKER_COMMS_PROTOCOL: [/^(?:poll|mqtt)$/, 'poll or mqtt'],
  SPACELIFT_WORKER_COMMS_URL: serverUrl,
  'SPACELIFT_PRIVATEVCS_MAPPING_NAME_<N>': nonEmpty,
  'SPACELIFT_PRIVATEVCS_MAPPING_BASE_ENDPOINT_<N>': anyUrl,
};

const SECRETS = ['SPACELIFT_TOKEN', 'SPACELIFT_POOL_PRIVATE_KEY'];

/**
 * Parses a `NAME=VALUE` for the launcher's environment. Names with the prefix SPACELIFT_METADATA_ become tags of the
 * worker. Names without SPACELIFT_ (proxies, variables for SPACELIFT_WHITELIST_ENVS) may have any value.
 * @param position its number among the variables, to report one that must not be shown
 * @throws UserError `SPACECTL_BAD_INPUT` for an unknown SPACELIFT_ name (with the nearest one) or an invalid value
 */
export function parseVariable(text: string, position = 1): readonly [name: string, value: string] {
  const [, name, value] = /^([A-Za-z_][A-Za-z0-9_]*)=(.*)$/s.exec(text) ?? [];
  if (name === undefined || value === undefined) {
    // Anything but a name may be a secret, so it is not shown.
    const isName = /^[A-Za-z_][A-Za-z0-9_]*$/.test(text);
    throw bad(`${isName ? `"${text}"` : `Variable ${position}`} is not NAME=VALUE`);
  }
  if (SECRETS.includes(name)) throw bad(`${name} is a secret. It is read from the pool's directory, not from --env`);
  if (!name.startsWith('SPACELIFT_')) return [name, value];
  if (/^SPACELIFT_METADATA_.+/.test(name)) {
    if (value === '' || value === 'null') throw bad(`${name} is "${value}", which would become a tag of the worker`);
    return [name, value];
  }
  const rule = RULES[name.replace(/_(?:0|[1-9]\d*)$/, '_<N>')];
  if (!rule) {
    const close = findNearest(name, Object.keys(RULES));
    throw bad(`${name} is not a launcher variable${close ? `; did you mean ${close}?` : ''}`);
  }
  if (!rule[0].test(value)) throw bad(`${name} must be ${rule[1]}, not "${value}"`);
  return [name, value];
}

function bad(message: string): UserError {
  return new UserError('SPACECTL_BAD_INPUT', message);
}

export { RULES as LAUNCHER_VARIABLES };
