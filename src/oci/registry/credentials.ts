import os from 'node:os';
import path from 'node:path';
import * as v from 'valibot';
import { UserError } from '../../core/errors.ts';
import { readJson } from '../../core/json.ts';
import { readFileIfThere } from '../../files/read.ts';
import type { askHelper } from './credential-helper.ts';
import type { CredentialOptions, Credentials } from './login.ts';

/**
 * The credentials that are stored for a repository: what `docker login` has left (`config.json` in `DOCKER_CONFIG`, else
 * in `~/.docker`; or the text of it in `DOCKER_AUTH_CONFIG`, as CI systems do), or else `podman login`
 * (containers-auth.json(5)). In one file, a helper for the registry comes first, then what is stored in the file itself,
 * then the helper for all.
 *
 * @throws UserError `SPACECTL_BAD_ANSWERS` if a file is not what it should be, `SPACECTL_CANNOT_READ`
 */
export async function storedCredentials(
  registry: string,
  repository: string,
  options: CredentialOptions,
): Promise<Credentials | undefined> {
  for await (const { file, text } of configurations(options.environment)) {
    const found = await credentialsIn(file, parse(file, text), registry, repository, options);
    if (found) return found;
  }
  return undefined;
}

/** The files that may hold credentials, as far as they are there, in the order of their precedence. */
async function* configurations(environment: NodeJS.ProcessEnv): AsyncGenerator<{ file: string; text: string }> {
  const { DOCKER_AUTH_CONFIG, DOCKER_CONFIG, REGISTRY_AUTH_FILE, XDG_RUNTIME_DIR, XDG_CONFIG_HOME } = environment;
  const home = environment['HOME'] ?? os.homedir();
  if (DOCKER_AUTH_CONFIG) yield { file: 'DOCKER_AUTH_CONFIG', text: DOCKER_AUTH_CONFIG };
  const files = [
    path.join(DOCKER_CONFIG || path.join(home, '.docker'), 'config.json'),
    ...(REGISTRY_AUTH_FILE ? [REGISTRY_AUTH_FILE] : []),
    ...(XDG_RUNTIME_DIR ? [path.join(XDG_RUNTIME_DIR, 'containers/auth.json')] : []),
    path.join(XDG_CONFIG_HOME || path.join(home, '.config'), 'containers/auth.json'),
  ];
  for (const file of files) {
    const bytes = await readFileIfThere(file);
    if (bytes) yield { file, text: bytes.toString('utf8') };
  }
}

/** What runs other programs is loaded only where there is one to run. */
async function askFrom(...request: Parameters<typeof askHelper>): ReturnType<typeof askHelper> {
  return (await import('./credential-helper.ts')).askHelper(...request);
}

// Whatever else stands in these files is for other programs, and is ignored, whatever its shape.
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

async function credentialsIn(
  file: string,
  { credHelpers, auths, credsStore }: Configuration,
  registry: string,
  repository: string,
  options: CredentialOptions,
): Promise<Credentials | undefined> {
  // Docker Hub's key dates from before version 2 of the registry protocol.
  const server = registry === 'docker.io' ? 'https://index.docker.io/v1/' : registry;
  const host = registry === 'docker.io' ? 'index.docker.io' : registry;
  const [, helper] = Object.entries(credHelpers).find(([key]) => hostOf(key) === host) ?? [];
  if (helper) return askFrom(helper, server, options);
  for (const wanted of namesOf(host, repository)) {
    for (const [key, stored] of Object.entries(auths)) {
      const credentials = hostOf(key) === wanted ? credentialsOf(file, key, stored) : undefined;
      if (credentials) return credentials;
    }
  }
  return credsStore ? askFrom(credsStore, server, options) : undefined;
}

/** The names that credentials for a repository may be under, the most particular first: podman's have paths. */
function namesOf(host: string, repository: string): readonly string[] {
  const parts = repository.split('/');
  return [...parts.map((_, index) => [host, ...parts.slice(0, parts.length - index)].join('/')), host];
}

/** Keys are hosts, hosts with a path, or URLs such as `https://host/v1/`. */
function hostOf(key: string): string {
  const name = key.replace(/^https?:\/\//, '').replace(/\/(?:v[12]\/?)?$/, '');
  return name.replace(/^(?:docker\.io|registry-1\.docker\.io)(?=\/|$)/, 'index.docker.io');
}

function credentialsOf(file: string, key: string, entry: Entry): Credentials | undefined {
  const { auth, identitytoken, username, password } = entry;
  if (identitytoken) return { identityToken: identitytoken };
  if (username && password) return { username, password };
  if (!auth) return undefined;
  const text = Buffer.from(auth, 'base64').toString('utf8').replace(/\0+$/, '');
  const colon = text.indexOf(':');
  if (colon < 0) throw bad(file, `the login for ${key} is not base64 of NAME:PASSWORD`);
  const [name, secret] = [text.slice(0, colon), text.slice(colon + 1)];
  return name === '<token>' ? { identityToken: secret } : { username: name, password: secret };
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
    suggestions: ['docker login', 'To read without logging in, set DOCKER_CONFIG to an empty directory'],
  });
}
