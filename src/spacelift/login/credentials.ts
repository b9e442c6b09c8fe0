import { UserError } from '../../core/errors.ts';
import { quoteIfNeeded } from '../../core/text.ts';
import { endpointOf, readClaims } from '../api/claims.ts';
import type { Credentials, Method } from '../api/credentials.ts';
import { parseEndpoint } from '../api/endpoint.ts';
import { credentialsOf, readProfiles } from './profiles.ts';

const METHODS: readonly Method[] = ['token', 'github', 'apikey'];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Finds the credentials that Spacelift's own CLI would use: the named profile (`--profile`, `SPACELIFT_PROFILE`), else the
 * environment, else the current profile.
 * @throws UserError `SPACECTL_NO_CREDENTIALS` with what is missing; `SPACECTL_NOT_ALLOWED` for a profile that cannot be
 *   used; `SPACECTL_BAD_INPUT`
 */
export async function findCredentials(profile: string | undefined, environment: Environment): Promise<Credentials> {
  const named = profile ?? (environment['SPACELIFT_PROFILE'] || undefined);
  const found = named === undefined ? fromEnvironment(environment) : undefined;
  if (found?.credentials) return found.credentials;
  const profiles = await readProfiles(environment);
  const alias = named ?? profiles.current;
  if (alias !== undefined) return credentialsOf(profiles, alias);
  throw new UserError(
    'SPACECTL_NO_CREDENTIALS',
    `No Spacelift credentials found: ${found?.problem}, and no profile is selected`,
    {
      suggestions: [
        { command: 'spacectl profile login ALIAS' },
        'Or create an API key under Settings > API keys, and set SPACELIFT_API_KEY_ENDPOINT, SPACELIFT_API_KEY_ID and SPACELIFT_API_KEY_SECRET',
      ],
    },
  );
}

/** Returns the API key passed to a step, or finds other credentials. */
export async function credentialsFrom(values: {
  readonly profile?: string | undefined;
  readonly 'api-endpoint'?: string | undefined;
  readonly 'api-key-id'?: string | undefined;
  readonly 'api-key-secret'?: string | undefined;
}): Promise<Credentials> {
  const { 'api-endpoint': endpoint, 'api-key-id': keyId, 'api-key-secret': keySecret } = values;
  if (!endpoint && !keyId && !keySecret) return findCredentials(values.profile, process.env);
  if (!endpoint || !keyId || !keySecret) {
    const given = { '--api-endpoint': endpoint, '--api-key-id': keyId, '--api-key-secret-file': keySecret };
    const missing = Object.entries(given).flatMap(([flag, value]) => (value ? [] : flag));
    throw new UserError('SPACECTL_BAD_INPUT', `The API key is incomplete: missing ${missing.join(' and ')}`, {
      suggestions: ['Pass --api-endpoint, --api-key-id and --api-key-secret-file, or none of them'],
    });
  }
  return { method: 'apikey', endpoint, keyId, keySecret, source: 'the given API key' };
}

/** Reports whether the environment has credentials, or names the profile to use. @throws UserError if they cannot be read */
export function hasOtherCredentials(environment: Environment): boolean {
  return Boolean(environment['SPACELIFT_PROFILE']) || fromEnvironment(environment).credentials !== undefined;
}

/** Reports whether there are credentials. @throws UserError if they cannot be read */
export async function hasCredentials(profile: string | undefined, environment: Environment): Promise<boolean> {
  if (profile !== undefined || hasOtherCredentials(environment)) return true;
  return (await readProfiles(environment)).current !== undefined;
}

/**
 * Reads credentials from the environment, the first complete ones of: API token, GitHub token, API key. Reads only one kind
 * if `SPACELIFT_API_PREFERRED_METHOD` is set.
 * @returns the credentials, or the problem if there are none
 */
export function fromEnvironment(environment: Environment): { credentials?: Credentials; problem: string } {
  const preferred = (environment['SPACELIFT_API_PREFERRED_METHOD'] ?? '').trim().toLowerCase();
  if (preferred !== '' && !METHODS.some((method) => method === preferred)) {
    const message = `SPACELIFT_API_PREFERRED_METHOD is "${preferred}", not one of ${METHODS.join(', ')}`;
    throw new UserError('SPACECTL_BAD_INPUT', message);
  }
  let problem = '';
  for (const method of METHODS.filter((each) => preferred === '' || each === preferred)) {
    const missing = VARIABLES[method].filter((names) => !firstOf(environment, names));
    if (missing.length === 0) return { credentials: read(method, environment), problem: '' };
    problem = `${missing.map(([name]) => name).join(', ')} ${missing.length > 1 ? 'are' : 'is'} not set`;
  }
  return { problem };
}

const ENDPOINT = ['SPACELIFT_API_KEY_ENDPOINT', 'SPACELIFT_API_ENDPOINT'] as const;

/** Variables that each method needs. Of several names the first one set counts; later ones are deprecated. */
const VARIABLES: Readonly<Record<Method, readonly (readonly [string, ...string[]])[]>> = {
  token: [['SPACELIFT_API_TOKEN']],
  github: [ENDPOINT, ['SPACELIFT_API_GITHUB_TOKEN']],
  apikey: [ENDPOINT, ['SPACELIFT_API_KEY_ID'], ['SPACELIFT_API_KEY_SECRET']],
};

/** Returns the first value that is set. A newline at its end is left over from a file or a paste. */
function firstOf(environment: Environment, names: readonly string[]): string | undefined {
  return names.map((name) => environment[name]?.trim()).find(Boolean);
}

/**
 * Returns a warning if variables have priority over the current profile, as Spacelift's CLI prints one after a login
 * (spacelift-io/spacectl@490d0dd, internal/cmd/profile/login_command.go).
 * @param alias the current profile
 */
export function overridingVariables(environment: Environment, alias: string): readonly string[] {
  const named = environment['SPACELIFT_PROFILE'];
  if (named) return named === alias ? [] : [`SPACELIFT_PROFILE=${named} has priority over the current profile`];
  try {
    const { credentials } = fromEnvironment(environment);
    if (!credentials) return [];
    const names = VARIABLES[credentials.method].map((each) => each.find((name) => environment[name]?.trim()));
    const have = names.length > 1 ? 'have' : 'has';
    return [
      `${names.join(', ')} ${have} priority over the current profile: unset ${names.length > 1 ? 'them' : 'it'}, or pass --profile ${quoteIfNeeded(alias)}`,
    ];
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    return [`The environment has priority over the current profile, but cannot be used: ${error.message}`];
  }
}

function read(method: Method, environment: Environment): Credentials {
  const values = VARIABLES[method].map((names) => firstOf(environment, names) ?? '');
  const [first = '', second = '', third = ''] = values;
  if (method === 'token') return tokenCredentials(first, 'SPACELIFT_API_TOKEN');
  const endpoint = parseEndpoint(first);
  if (method === 'github') return { method, endpoint, token: second, source: 'SPACELIFT_API_GITHUB_TOKEN' };
  return { method, endpoint, keyId: second, keySecret: third, source: 'SPACELIFT_API_KEY_ID' };
}

/** Returns the credentials for an API token, which names its account itself. @throws UserError `SPACECTL_BAD_INPUT` */
export function tokenCredentials(token: string, source: string): Credentials {
  return { method: 'token', endpoint: parseEndpoint(endpointOf(readClaims(token, source), source)), token, source };
}
