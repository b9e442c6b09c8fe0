import os from 'node:os';
import path from 'node:path';
import { readFileIfThere } from '../files/read.ts';
import { UserError } from '../step/errors.ts';

/** What to log in at a registry with. */
export type Credentials =
  | { readonly username: string; readonly password: string }
  /** An OAuth 2 refresh token, as `docker login` stores for some registries. */
  | { readonly identityToken: string };

/**
 * The credentials that `docker login` has stored for a registry: `auths` of `config.json` in `DOCKER_CONFIG`, else in
 * `~/.docker`.
 *
 * @throws UserError `SPACECTL_BAD_ANSWERS` if the file is not what it should be, `SPACECTL_CANNOT_READ`
 */
export async function storedCredentials(
  registry: string,
  environment: NodeJS.ProcessEnv,
): Promise<Credentials | undefined> {
  const home = environment['HOME'] ?? os.homedir();
  const file = path.join(environment['DOCKER_CONFIG'] || path.join(home, '.docker'), 'config.json');
  const bytes = await readFileIfThere(file);
  if (!bytes) return undefined;
  const auths = property(parse(file, bytes.toString('utf8')), 'auths');
  if (!isRecord(auths)) return undefined;
  // The key of Docker Hub has been this one since before there was a second version of the protocol.
  const wanted = registry === 'docker.io' ? 'index.docker.io' : registry;
  const entries = Object.entries(auths).filter(([key]) => hostOf(key) === wanted);
  for (const [key, entry] of entries) {
    const credentials = credentialsOf(file, key, entry);
    if (credentials) return credentials;
  }
  return undefined;
}

/** Keys are hosts, or URLs such as `https://host/v1/`. */
function hostOf(key: string): string {
  const [, host = ''] = /^(?:https?:\/\/)?([^/]+)(?:\/(?:v[12]\/?)?)?$/.exec(key) ?? [];
  return host === 'docker.io' || host === 'registry-1.docker.io' ? 'index.docker.io' : host;
}

function credentialsOf(file: string, key: string, entry: unknown): Credentials | undefined {
  const [token, login] = [property(entry, 'identitytoken'), property(entry, 'auth')];
  if (isText(token)) return { identityToken: token };
  const [username, password] = [property(entry, 'username'), property(entry, 'password')];
  if (isText(username) && isText(password)) return { username, password };
  if (!isText(login)) return undefined;
  const text = Buffer.from(login, 'base64').toString('utf8').replace(/\0+$/, '');
  const colon = text.indexOf(':');
  if (colon < 0) throw bad(file, `the login for ${key} is not base64 of NAME:PASSWORD`);
  const [name, secret] = [text.slice(0, colon), text.slice(colon + 1)];
  return name === '<token>' ? { identityToken: secret } : { username: name, password: secret };
}

function parse(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own words may quote the file, which holds secrets.
    throw bad(file, 'it is not JSON');
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function property(value: unknown, key: string): unknown {
  return isRecord(value) ? value[key] : undefined;
}

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}

function bad(file: string, why: string): UserError {
  return new UserError('SPACECTL_BAD_ANSWERS', `${file} cannot be used: ${why}`, {
    suggestions: [
      'Log in again with docker login, or point DOCKER_CONFIG at an empty folder to read without logging in',
    ],
  });
}
