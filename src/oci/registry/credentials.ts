import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { UserError } from '../../core/errors.ts';
import { readJson } from '../../core/json.ts';
import { withoutTrailing } from '../../core/text.ts';
import { readFileIfExists } from '../../files/read.ts';
import type { askHelper } from './credential-helper.ts';
import type { CredentialOptions, Credentials } from './login.ts';

/**
 * Finds the stored credentials for a repository, in the order in which they are to be tried: those of `docker login`
 * (`config.json` in `DOCKER_CONFIG`, else in `~/.docker`; or its text in `DOCKER_AUTH_CONFIG`, which CI systems set), then
 * those of `podman login` (containers-auth.json(5)). Within a file, a helper for the registry takes the place of
 * credentials in the file; the default helper comes after those. Helpers run when it is their turn.
 *
 * @throws UserError `SPACECTL_BAD_ANSWERS` if a file is malformed, `SPACECTL_CANNOT_READ`
 */
export async function* storedCredentials(
  registry: string,
  repository: string,
  options: CredentialOptions,
): AsyncGenerator<Credentials, undefined> {
  const seen = new Set<string>();
  for await (const { file, text } of readConfigurations(options)) {
    for await (const credentials of credentialsIn(file, parse(file, text), registry, repository, options)) {
      const key = JSON.stringify(credentials);
      if (!seen.has(key)) yield credentials;
      seen.add(key);
    }
  }
}

/** Reads the files that may hold credentials, in order of precedence; missing ones are skipped. */
async function* readConfigurations({
  environment,
  root = '/',
}: CredentialOptions): AsyncGenerator<{ file: string; text: string }> {
  const { DOCKER_AUTH_CONFIG, DOCKER_CONFIG, REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR, XDG_CONFIG_HOME } = environment;
  const home = environment['HOME'] ?? os.homedir();
  if (DOCKER_AUTH_CONFIG) yield { file: 'DOCKER_AUTH_CONFIG', text: DOCKER_AUTH_CONFIG };
  const files = [
    path.join(DOCKER_CONFIG || path.join(home, '.docker'), 'config.json'),
    ...(REGISTRY_AUTH_FILE ? [REGISTRY_AUTH_FILE] : []),
    // containers/image, pkg/docker/config/config.go (getPathToAuthWithOS), v5.37: root's sessions often lack the variable.
    XDG_RUNTIME_DIR
      ? path.join(XDG_RUNTIME_DIR, 'containers/auth.json')
      : path.join(root, `run/containers/${process.getuid?.() ?? ''}/auth.json`),
    path.join(XDG_CONFIG_HOME || path.join(home, '.config'), 'containers/auth.json'),
  ];
  for (const file of files) {
    const bytes = await readFileIfExists(file);
    if (bytes) yield { file, text: bytes.toString('utf8') };
  }
}

/** Runs a credential helper; the code for that is loaded only where a file names one. */
async function* runHelper(...request: Parameters<typeof askHelper>): AsyncGenerator<Credentials, undefined> {
  const credentials = await (await import('./credential-helper.ts')).askHelper(...request);
  if (credentials) yield credentials;
}

// The rest of these files is for other programs, and malformed entries are ignored, as Docker does.
const optionalText = v.fallback(v.optional(v.string()), undefined);
const entry = v.fallback(
  v.object({ auth: optionalText, identitytoken: optionalText, username: optionalText, password: optionalText }),
  {},
);
type Entry = v.InferOutput<typeof entry>;
const document = v.fallback(
  v.object({
    credHelpers: v.fallback(v.record(v.string(), optionalText), {}),
    auths: v.fallback(v.record(v.string(), entry), {}),
    credsStore: optionalText,
  }),
  { credHelpers: {}, auths: {} },
);
type Configuration = v.InferOutput<typeof document>;

async function* credentialsIn(
  file: string,
  { credHelpers, auths, credsStore }: Configuration,
  registry: string,
  repository: string,
  options: CredentialOptions,
): AsyncGenerator<Credentials, undefined> {
  // Docker Hub's key dates from before version 2 of the registry protocol. Podman does not use it.
  const server = registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry;
  const host = registry === 'docker.io' ? 'index.docker.io' : registry;
  const [name, helper] = Object.entries(credHelpers).find(([key]) => hostOf(key) === host) ?? [];
  if (helper) return yield* runHelper(helper, name === registry ? registry : server, options);
  // Docker Hub may have several keys. The longest are those of OAuth 2 tokens, which are not passwords.
  const stored = Object.entries(auths).sort(([one], [other]) => one.length - other.length);
  for (const wanted of namesOf(host, repository)) {
    for (const [key, entry] of stored) if (hostOf(key) === wanted) yield* credentialsOf(file, key, entry);
  }
  // An empty name exempts a registry from the default helper, as in Docker.
  const isExempt = helper === '';
  if (credsStore && !isExempt) yield* runHelper(credsStore, server, options);
}

/** Lists the keys that credentials for a repository may have, the most specific first: podman's keys have paths. */
function namesOf(host: string, repository: string): readonly string[] {
  const parts = repository.split('/');
  return [...parts.map((_, index) => [host, ...parts.slice(0, parts.length - index)].join('/')), host];
}

/**
 * Normalizes a key: a host, a host with the path of a repository, or a URL such as `https://host/v1/`, whose path means
 * nothing (docker/cli, cli/config/credentials/file_store.go; containers/image, pkg/docker/config/config.go).
 */
function hostOf(key: string): string {
  const [, host] = /^https?:\/\/([^/]*)/.exec(key) ?? [];
  const name = host ?? key.replace(/^([^/]+)\/(?:v[12]\/?)?$/, '$1');
  return name.replace(/^(?:docker\.io|registry-1\.docker\.io)(?=\/|$)/, 'index.docker.io');
}

/** Lists the credentials of an entry: an identity token goes before the password that it was issued for. */
function* credentialsOf(file: string, key: string, entry: Entry): Generator<Credentials> {
  const { auth, identitytoken, username, password } = entry;
  if (identitytoken) yield { identityToken: identitytoken };
  if (username && password) return yield { username, password };
  if (!auth) return;
  const text = withoutTrailing(Buffer.from(auth, 'base64').toString('utf8'), '\0');
  const colon = text.indexOf(':');
  if (colon < 0) {
    if (identitytoken) return;
    throw bad(file, `the login for ${key} is not base64 of NAME:PASSWORD`);
  }
  const [name, secret] = [text.slice(0, colon), text.slice(colon + 1)];
  // `docker login` leaves the password empty where it stores an identity token.
  if (identitytoken && !secret) return;
  yield name === '<token>' ? { identityToken: secret } : { username: name, password: secret };
}

function parse(file: string, text: string): Configuration {
  try {
    return readJson(document, text);
  } catch (error) {
    throw bad(file, (error as Error).message);
  }
}

function bad(file: string, why: string): UserError {
  return new UserError('SPACECTL_BAD_ANSWERS', `Cannot use ${file}: ${why}`, {
    suggestions: [{ command: 'docker login' }, 'To read without logging in, set DOCKER_CONFIG to an empty directory'],
  });
}
