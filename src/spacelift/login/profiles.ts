import { homedir } from 'node:os';
import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { findNearest } from '../../core/nearest.ts';
import { wordFor } from '../../core/words.ts';
import { readFileIfThere } from '../../files/read.ts';
import type { Credentials, Method } from '../api/credentials.ts';
import { parseEndpoint } from '../api/endpoint.ts';

/** The vendor's numbers for ways to log in. */
const TYPES: Readonly<Record<Method, number>> = { apikey: 1, github: 2, token: 3 };

interface StoredCredentials {
  readonly type?: number;
  readonly endpoint?: string;
  readonly key_id?: string;
  readonly key_secret?: string;
  readonly access_token?: string;
}

/** The vendor's profile file. What else is in it is kept as it is. */
interface ProfileDocument {
  readonly currentProfileAlias?: string;
  readonly profiles?: Readonly<Record<string, { readonly alias?: string; readonly credentials?: StoredCredentials }>>;
}

/** The profiles of this user, as the vendor's CLI keeps them. */
export interface Profiles {
  readonly file: string;
  readonly current?: string;
  readonly document: ProfileDocument;
}

/** Reads `config.json` of `$SPACELIFT_CONFIG_DIR` (default: `~/.spacelift`). @throws UserError `SPACECTL_BAD_ANSWERS` */
export async function readProfiles(environment: Readonly<Record<string, string | undefined>>): Promise<Profiles> {
  const folder = environment['SPACELIFT_CONFIG_DIR'] || path.join(environment['HOME'] || homedir(), '.spacelift');
  const file = path.join(folder, 'config.json');
  const bytes = await readFileIfThere(file);
  const document = bytes?.length ? parseDocument(bytes, file) : {};
  const current = document.currentProfileAlias;
  return { file, document, ...(current && { current }) };
}

/** One profile without its secrets. */
export interface ListedProfile {
  readonly alias: string;
  readonly isCurrent: boolean;
  readonly endpoint: string;
  readonly method: Method | undefined;
}

/** All profiles, by alias. */
export function listProfiles({ document, current }: Profiles): readonly ListedProfile[] {
  return Object.entries(document.profiles ?? {})
    .map(([alias, { credentials = {} }]) => ({
      alias,
      isCurrent: alias === current,
      endpoint: credentials.endpoint ?? '',
      method: methodOf(credentials),
    }))
    .sort((one, other) => one.alias.localeCompare(other.alias));
}

/** What a profile holds to log in with. @throws UserError `SPACECTL_NOT_ALLOWED`, `SPACECTL_BAD_ANSWERS` */
export function credentialsOf(profiles: Profiles, alias: string): Credentials {
  const stored = requireProfile(profiles, alias);
  const base = {
    endpoint: parseEndpoint(stored.endpoint ?? ''),
    source: `the profile "${alias}"`,
    profile: alias,
  };
  const method = methodOf(stored);
  const { key_id: keyId, key_secret: keySecret, access_token: token } = stored;
  if (method === 'apikey' && keyId && keySecret) return { ...base, method, keyId, keySecret };
  if ((method === 'github' || method === 'token') && token) return { ...base, method, token };
  throw broken(profiles.file, `the profile "${alias}" has no credentials that are complete`);
}

/** The credentials of a profile, secrets and all. @throws UserError `SPACECTL_NOT_ALLOWED` naming the nearest one */
export function requireProfile({ document, file }: Profiles, alias: string): StoredCredentials {
  const profile = own(document.profiles, alias);
  if (profile) return profile.credentials ?? {};
  const known = Object.keys(document.profiles ?? {});
  const close = findNearest(alias, known);
  throw new UserError('SPACECTL_NOT_ALLOWED', `There is no profile "${alias}" in ${file}`, {
    suggestions: close ? [`--profile ${wordFor(close)}`] : [`spacectl profile login ${wordFor(alias)}`],
  });
}

/** The file with one profile more, or another one in its place, which becomes the current one. */
export function withProfile({ document }: Profiles, alias: string, credentials: Credentials): Uint8Array {
  const before = own(document.profiles, alias);
  const { key_id, key_secret, access_token, ...kept } = before?.credentials ?? {};
  const secrets =
    credentials.method === 'apikey'
      ? { key_id: credentials.keyId, key_secret: credentials.keySecret }
      : { access_token: credentials.token };
  const stored = { ...kept, type: TYPES[credentials.method], endpoint: credentials.endpoint, ...secrets };
  const profile = { ...before, alias, credentials: stored };
  return format({ ...document, currentProfileAlias: alias, profiles: { ...document.profiles, [alias]: profile } });
}

/** The file with another current profile. */
export function withCurrent({ document }: Profiles, alias: string): Uint8Array {
  return format({ ...document, currentProfileAlias: alias });
}

/** The file without one profile; if it was the current one, there is none any more. */
export function withoutProfile({ document, current }: Profiles, alias: string): Uint8Array {
  const { [alias]: _, ...profiles } = document.profiles ?? {};
  return format({ ...document, ...(current === alias && { currentProfileAlias: '' }), profiles });
}

function format(document: ProfileDocument): Uint8Array {
  return Buffer.from(`${JSON.stringify(document, null, 2)}\n`);
}

function own<T>(object: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return object && Object.hasOwn(object, name) ? object[name] : undefined;
}

function methodOf({ type }: StoredCredentials): Method | undefined {
  return (Object.keys(TYPES) as Method[]).find((method) => TYPES[method] === type);
}

function parseDocument(bytes: Buffer, file: string): ProfileDocument {
  let document: unknown;
  try {
    document = JSON.parse(bytes.toString('utf8'));
  } catch {
    // The parser's message quotes the file, which holds secrets: it is not passed on.
    throw broken(file, 'it is not JSON');
  }
  const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isObject(document)) throw broken(file, 'it is no JSON object');
  const { profiles = {} } = document as { profiles?: unknown };
  if (!isObject(profiles) || !Object.values(profiles as object).every(isObject)) {
    throw broken(file, 'its "profiles" are no objects');
  }
  return document as ProfileDocument;
}

function broken(file: string, what: string): UserError {
  return new UserError('SPACECTL_BAD_ANSWERS', `The profile file ${file} cannot be used: ${what}`, {
    suggestions: ['spacectl profile login ALIAS', `or mend it by hand: ${file}`],
  });
}
