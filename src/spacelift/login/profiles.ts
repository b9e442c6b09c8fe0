import { homedir } from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { UserError } from '../../core/errors.ts';
import { BadJson, checkJson, readJson } from '../../core/json.ts';
import { findNearest } from '../../core/nearest.ts';
import type { Suggestion } from '../../core/suggestion.ts';
import { quoteIfNeeded } from '../../core/text.ts';
import { readFileIfExists } from '../../files/read.ts';
import type { Credentials, Method } from '../api/credentials.ts';
import { parseEndpoint } from '../api/endpoint.ts';

/** Numbers that Spacelift's CLI uses for the ways to log in (client/session/stored_credentials.go). */
export const TYPES: Readonly<Record<Method, number>> = { apikey: 1, github: 2, token: 3 };

const storedCredentials = v.looseObject({
  type: v.optional(v.unknown()),
  endpoint: v.nullish(v.string()),
  key_id: v.nullish(v.string()),
  key_secret: v.nullish(v.string()),
  access_token: v.nullish(v.string()),
});

type StoredCredentials = v.InferOutput<typeof storedCredentials>;

/** A profile. Its credentials are checked when they are used, so that a damaged profile does not affect the others. */
export interface StoredProfile {
  readonly credentials?: unknown;
}

const isObject = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Validates the profiles without copying them: valibot's objects and records would drop an alias such as `constructor`.
 * To Go, `null` is a profile that does not exist.
 */
const storedProfiles = v.pipe(
  v.unknown(),
  v.guard(
    (value): value is Readonly<Record<string, StoredProfile | null>> =>
      isObject(value) && Object.values(value as object).every((each) => each === null || isObject(each)),
  ),
);

/** The profile file of Spacelift's CLI (spacelift-io/spacectl@490d0dd, client/session/profile_manager.go). Other fields are kept. */
const profileDocument = v.pipe(
  v.unknown(),
  v.check(isObject),
  v.looseObject({ currentProfileAlias: v.nullish(v.string()), profiles: v.nullish(storedProfiles) }),
);

export type ProfileDocument = v.InferOutput<typeof profileDocument>;

/** The profiles of this user, as Spacelift's CLI stores them. */
export interface Profiles {
  readonly file: string;
  /** Alias of the current profile, if there is one: Spacelift's CLI deletes a profile without selecting another. */
  readonly current?: string;
  readonly document: ProfileDocument;
}

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Returns the path of `config.json` in `$SPACELIFT_CONFIG_DIR` (default: `~/.spacelift`). The home directory is that of
 * Spacelift's CLI, `os.UserHomeDir` of Go: on Windows, `HOME` of a bash does not count.
 */
export function profileFile(environment: Environment, platform: string = process.platform): string {
  const home = environment[platform === 'win32' ? 'USERPROFILE' : 'HOME'] || homedir();
  const folder = environment['SPACELIFT_CONFIG_DIR'] || path.join(home, '.spacelift');
  return path.join(folder, 'config.json');
}

/** Reads the profiles. @throws UserError `SPACECTL_BAD_ANSWERS` */
export async function readProfiles(environment: Environment): Promise<Profiles> {
  const file = profileFile(environment);
  const bytes = await readFileIfExists(file);
  const document = bytes?.length ? parseDocument(bytes, file) : {};
  const current = document.currentProfileAlias;
  return { file, document, ...(current && findProfile({ document }, current) && { current }) };
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
    .flatMap(([alias, profile]) => {
      if (!profile) return [];
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
  // A newline at the end is left over from a file or a paste: no secret of Spacelift has one.
  const [keyId, keySecret, token] = [stored.key_id, stored.key_secret, stored.access_token].map((each) => each?.trim());
  if (method === 'apikey' && keyId && keySecret) return { ...base, method, keyId, keySecret };
  if ((method === 'github' || method === 'token') && token) return { ...base, method, token };
  throw unusable(profiles.file, `the credentials of the profile "${alias}" are incomplete`, loginAgain(alias));
}

/** Finds a profile. @throws UserError `SPACECTL_NOT_ALLOWED`, which suggests the profile with the most similar alias */
export function requireProfile({ document, file }: Profiles, alias: string): StoredProfile {
  const profile = findProfile({ document }, alias);
  if (profile) return profile;
  const known = Object.keys(document.profiles ?? {});
  const close = findNearest(alias, known);
  throw new UserError('SPACECTL_NOT_ALLOWED', `Profile "${alias}" does not exist in ${file}`, {
    suggestions: close ? [`Pass --profile ${quoteIfNeeded(close)}`] : [loginAgain(alias)],
  });
}

/** Finds a profile by its alias, which may be the name of a property that every object has. */
export function findProfile({ document }: Pick<Profiles, 'document'>, alias: string): StoredProfile | undefined {
  const { profiles } = document;
  return profiles && Object.hasOwn(profiles, alias) ? (profiles[alias] ?? undefined) : undefined;
}

function methodOf({ type }: StoredCredentials): Method | undefined {
  return (Object.keys(TYPES) as Method[]).find((method) => TYPES[method] === type);
}

function parseDocument(bytes: Buffer, file: string): ProfileDocument {
  try {
    return readJson(profileDocument, bytes.toString('utf8'), { maxDepth: 200 });
  } catch (error) {
    if (!(error instanceof BadJson)) throw error;
    throw unusable(file, error.message, {
      text: 'Fix it, or start over',
      command: `mv ${quoteIfNeeded(file)} ${quoteIfNeeded(`${file}.old`)}`,
    });
  }
}

/** Returns the credentials of a profile; `undefined` if they are damaged. */
export function intactCredentials({ credentials }: StoredProfile): StoredCredentials | undefined {
  try {
    return checkJson(storedCredentials, credentials ?? {});
  } catch (error) {
    if (error instanceof BadJson) return undefined;
    throw error;
  }
}

function loginAgain(alias: string): Suggestion {
  return { command: `spacectl profile login ${quoteIfNeeded(alias)}` };
}

function unusable(file: string, problem: string, suggestion: Suggestion): UserError {
  return new UserError('SPACECTL_BAD_ANSWERS', `The profile file ${file} cannot be used: ${problem}`, {
    suggestions: [suggestion],
  });
}
