import { homedir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { UserError } from '../../core/errors.ts';
import { BadJson, checkJson, readJson } from '../../core/json.ts';
import { findNearest } from '../../core/nearest.ts';
import { quoteIfNeeded } from '../../core/text.ts';
import { readFileIfExists } from '../../files/read.ts';
import type { Credentials, Method } from '../api/credentials.ts';
import { parseEndpoint } from '../api/endpoint.ts';

/** Numbers that Spacelift's CLI uses for the ways to log in. */
const TYPES: Readonly<Record<Method, number>> = { apikey: 1, github: 2, token: 3 };

const storedCredentials = v.looseObject({
  type: v.optional(v.unknown()),
  endpoint: v.nullish(v.string()),
  key_id: v.nullish(v.string()),
  key_secret: v.nullish(v.string()),
  access_token: v.nullish(v.string()),
});

type StoredCredentials = v.InferOutput<typeof storedCredentials>;

/** A profile. Its credentials are checked when they are used, so that a damaged profile does not affect the others. */
interface StoredProfile {
  readonly credentials?: unknown;
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Validates the profiles without copying them: valibot's objects and records would drop an alias such as `constructor`. */
const storedProfiles = v.pipe(
  v.unknown(),
  v.guard(
    (value): value is Readonly<Record<string, StoredProfile>> =>
      isObject(value) && Object.values(value as object).every(isObject),
  ),
);

/** The profile file of Spacelift's CLI. Other fields are kept. */
const profileDocument = v.pipe(
  v.unknown(),
  v.check(isObject),
  v.looseObject({ currentProfileAlias: v.nullish(v.string()), profiles: v.optional(storedProfiles) }),
);

type ProfileDocument = v.InferOutput<typeof profileDocument>;

/** The profiles of this user, as Spacelift's CLI stores them. */
export interface Profiles {
  readonly file: string;
  readonly current?: string;
  readonly document: ProfileDocument;
}

/** Reads `config.json` of `$SPACELIFT_CONFIG_DIR` (default: `~/.spacelift`). @throws UserError `SPACECTL_BAD_ANSWERS` */
export async function readProfiles(environment: Readonly<Record<string, string | undefined>>): Promise<Profiles> {
  const folder = environment['SPACELIFT_CONFIG_DIR'] || path.join(environment['HOME'] || homedir(), '.spacelift');
  const file = path.join(folder, 'config.json');
  const bytes = await readFileIfExists(file);
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

/** Lists all profiles, by alias. One whose credentials are damaged has neither endpoint nor method. */
export function listProfiles({ document, current }: Profiles): readonly ListedProfile[] {
  return Object.entries(document.profiles ?? {})
    .map(([alias, profile]) => {
      const stored = intactCredentials(profile) ?? {};
      return { alias, isCurrent: alias === current, endpoint: stored.endpoint ?? '', method: methodOf(stored) };
    })
    .sort((one, other) => one.alias.localeCompare(other.alias));
}

/** Returns the credentials of a profile. @throws UserError `SPACECTL_NOT_ALLOWED`, `SPACECTL_BAD_ANSWERS` */
export function credentialsOf(profiles: Profiles, alias: string): Credentials {
  const stored = intactCredentials(requireProfile(profiles, alias));
  if (!stored)
    throw unusable(profiles.file, `the credentials of the profile "${alias}" are damaged`, loginAgain(alias));
  const base = {
    endpoint: parseEndpoint(stored.endpoint ?? ''),
    source: `the profile "${alias}"`,
    profile: alias,
  };
  const method = methodOf(stored);
  const { key_id: keyId, key_secret: keySecret, access_token: token } = stored;
  if (method === 'apikey' && keyId && keySecret) return { ...base, method, keyId, keySecret };
  if ((method === 'github' || method === 'token') && token) return { ...base, method, token };
  throw unusable(profiles.file, `the credentials of the profile "${alias}" are incomplete`, loginAgain(alias));
}

/** Finds a profile. @throws UserError `SPACECTL_NOT_ALLOWED`, which suggests the profile with the most similar alias */
export function requireProfile({ document, file }: Profiles, alias: string): StoredProfile {
  const profile = own(document.profiles, alias);
  if (profile) return profile;
  const known = Object.keys(document.profiles ?? {});
  const close = findNearest(alias, known);
  throw new UserError('SPACECTL_NOT_ALLOWED', `Profile "${alias}" does not exist in ${file}`, {
    suggestions: close ? [`--profile ${quoteIfNeeded(close)}`] : [`spacectl profile login ${quoteIfNeeded(alias)}`],
  });
}

/** Formats the file with a profile added or replaced, which becomes the current one. */
export function withProfile({ document }: Profiles, alias: string, credentials: Credentials): Uint8Array {
  const before = own(document.profiles, alias);
  const { key_id, key_secret, access_token, ...kept } = (before && intactCredentials(before)) ?? {};
  const secrets =
    credentials.method === 'apikey'
      ? { key_id: credentials.keyId, key_secret: credentials.keySecret }
      : { access_token: credentials.token };
  const stored = { ...kept, type: TYPES[credentials.method], endpoint: credentials.endpoint, ...secrets };
  const profile = { ...before, alias, credentials: stored };
  return format({ ...document, currentProfileAlias: alias, profiles: { ...document.profiles, [alias]: profile } });
}

/** Formats the file with another current profile. */
export function withCurrent({ document }: Profiles, alias: string): Uint8Array {
  return format({ ...document, currentProfileAlias: alias });
}

/** Formats the file without a profile. If it was the current one, none is selected. */
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
  try {
    return readJson(profileDocument, bytes.toString('utf8'));
  } catch (error) {
    if (!(error instanceof BadJson)) throw error;
    throw unusable(
      file,
      error.message,
      `Fix it, or start over: mv ${quoteIfNeeded(file)} ${quoteIfNeeded(`${file}.old`)}`,
    );
  }
}

function intactCredentials({ credentials }: StoredProfile): StoredCredentials | undefined {
  try {
    return checkJson(storedCredentials, credentials ?? {});
  } catch (error) {
    if (error instanceof BadJson) return undefined;
    throw error;
  }
}

function loginAgain(alias: string): string {
  return `spacectl profile login ${quoteIfNeeded(alias)}`;
}

function unusable(file: string, problem: string, suggestion: string): UserError {
  return new UserError('SPACECTL_BAD_ANSWERS', `The profile file ${file} cannot be used: ${problem}`, {
    suggestions: [suggestion],
  });
}
