import { UserError } from '../../core/errors.ts';
import { endpointOf, readClaims } from '../api/claims.ts';
import type { Credentials, Method } from '../api/credentials.ts';
import { parseEndpoint } from '../api/endpoint.ts';
import { credentialsOf, readProfiles } from './profiles.ts';

const METHODS: readonly Method[] = ['token', 'github', 'apikey'];

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The credentials the vendor's own CLI would use: the profile that was named (`--profile`, `SPACELIFT_PROFILE`), else
 * those of the environment, else the current profile.
 * @throws UserError `SPACECTL_NOT_ALLOWED` where there are none, saying what is missing; `SPACECTL_BAD_INPUT`
 */
export async function findCredentials(profile: string | undefined, environment: Environment): Promise<Credentials> {
  const named = profile ?? (environment['SPACELIFT_PROFILE'] || undefined);
  const found = named === undefined ? fromEnvironment(environment) : undefined;
  if (found?.credentials) return found.credentials;
  const profiles = await readProfiles(environment);
  const alias = named ?? profiles.current;
  if (alias !== undefined) return credentialsOf(profiles, alias);
  throw new UserError(
    'SPACECTL_NOT_ALLOWED',
    `There are no credentials for Spacelift: ${found?.lack}, and there is no current profile`,
    {
      suggestions: [
        'spacectl profile login ALIAS',
        'or set SPACELIFT_API_KEY_ENDPOINT, SPACELIFT_API_KEY_ID and SPACELIFT_API_KEY_SECRET',
      ],
    },
  );
}

/** The credentials a step was given, or those that are found. */
export async function credentialsFrom(values: {
  readonly profile?: string | undefined;
  readonly 'api-endpoint'?: string | undefined;
  readonly 'api-key-id'?: string | undefined;
  readonly 'api-key-secret'?: string | undefined;
}): Promise<Credentials> {
  const { 'api-endpoint': endpoint, 'api-key-id': keyId, 'api-key-secret': keySecret } = values;
  if (!endpoint && !keyId && !keySecret) return findCredentials(values.profile, process.env);
  if (!endpoint || !keyId || !keySecret) {
    throw new UserError('SPACECTL_BAD_INPUT', 'Of the API key only a part is given', {
      suggestions: [
        'It takes --api-endpoint, --api-key-id and --api-key-secret-file, or their variables, or none of them',
      ],
    });
  }
  return { method: 'apikey', endpoint, keyId, keySecret, source: 'the API key that was given' };
}

/** Whether there are any. @throws UserError where those that are there cannot be used */
export async function hasCredentials(profile: string | undefined, environment: Environment): Promise<boolean> {
  if (profile !== undefined || environment['SPACELIFT_PROFILE'] || fromEnvironment(environment).credentials)
    return true;
  return (await readProfiles(environment)).current !== undefined;
}

/**
 * Credentials of the environment, the first that are complete: an API token, a GitHub token, an API key; or only those
 * that `SPACELIFT_API_PREFERRED_METHOD` picks.
 * @returns what is lacking where there are none
 */
export function fromEnvironment(environment: Environment): { credentials?: Credentials; lack: string } {
  const preferred = (environment['SPACELIFT_API_PREFERRED_METHOD'] ?? '').trim().toLowerCase();
  if (preferred !== '' && !METHODS.some((method) => method === preferred)) {
    const message = `SPACELIFT_API_PREFERRED_METHOD is "${preferred}", not one of ${METHODS.join(', ')}`;
    throw new UserError('SPACECTL_BAD_INPUT', message);
  }
  let lack = '';
  for (const method of METHODS.filter((each) => preferred === '' || each === preferred)) {
    const missing = VARIABLES[method].filter((names) => !firstOf(environment, names));
    if (missing.length === 0) return { credentials: read(method, environment), lack: '' };
    lack = `${missing.map(([name]) => name).join(', ')} ${missing.length > 1 ? 'are' : 'is'} not set`;
  }
  return { lack };
}

const ENDPOINT = ['SPACELIFT_API_KEY_ENDPOINT', 'SPACELIFT_API_ENDPOINT'] as const;

/** What each method needs; of several names the first that is set counts, the later ones are deprecated. */
const VARIABLES: Readonly<Record<Method, readonly (readonly [string, ...string[]])[]>> = {
  token: [['SPACELIFT_API_TOKEN']],
  github: [ENDPOINT, ['SPACELIFT_API_GITHUB_TOKEN']],
  apikey: [ENDPOINT, ['SPACELIFT_API_KEY_ID'], ['SPACELIFT_API_KEY_SECRET']],
};

function firstOf(environment: Environment, names: readonly string[]): string | undefined {
  return names.map((name) => environment[name]).find(Boolean);
}

function read(method: Method, environment: Environment): Credentials {
  const values = VARIABLES[method].map((names) => firstOf(environment, names) ?? '');
  const [first = '', second = '', third = ''] = values;
  if (method === 'token') return tokenCredentials(first, 'SPACELIFT_API_TOKEN');
  const endpoint = parseEndpoint(first);
  if (method === 'github') return { method, endpoint, token: second, source: 'SPACELIFT_API_GITHUB_TOKEN' };
  return { method, endpoint, keyId: second, keySecret: third, source: 'SPACELIFT_API_KEY_ID' };
}

/** Credentials of an API token, which says itself what account it is for. */
export function tokenCredentials(token: string, source: string): Credentials {
  return { method: 'token', endpoint: parseEndpoint(endpointOf(readClaims(token, source), source)), token, source };
}
