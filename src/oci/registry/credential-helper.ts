import * as v from 'valibot';
import { isSystemError, UserError } from '../../core/errors.ts';
import { readJson } from '../../core/json.ts';
import { runProgram } from '../../programs/index.ts';
import type { Credentials } from './login.ts';

/** Helpers may use the network or a key ring, but must not hang. */
const TIMEOUT_MS = 30_000;

/**
 * Runs one of Docker's credential helpers (docker/docker-credential-helpers: `docker-credential-NAME get`, the server on
 * standard input). `undefined` if it has no credentials or cannot be run: public images need no login.
 *
 * @param report is told why a helper failed, but not its output, which may hold a secret
 * @throws UserError `SPACECTL_INTERRUPTED`
 */
export async function askHelper(
  helper: string,
  server: string,
  {
    environment,
    signal,
    report,
  }: {
    readonly environment: NodeJS.ProcessEnv;
    readonly signal: AbortSignal;
    readonly report: (progress: string) => void;
  },
): Promise<Credentials | undefined> {
  const program = `docker-credential-${helper}`;
  // The name comes from a file: it must not be a path to another program.
  if (!/^[\w.-]+$/.test(helper)) {
    report(`"${helper}" is not the name of a credential helper. Continuing without logging in`);
    return undefined;
  }
  const { PATH, HOME, DOCKER_CONFIG } = environment;
  const own = Object.entries({ PATH, HOME, DOCKER_CONFIG }).filter((entry): entry is [string, string] => !!entry[1]);
  try {
    const options = { signal, input: server, timeout: TIMEOUT_MS, environment: Object.fromEntries(own) };
    const { exitCode, stdout } = await runProgram(program, ['get'], options);
    // A helper also fails where it has no credentials for the server, and each words that differently.
    if (exitCode !== 0) return undefined;
    const credentials = parse(stdout);
    if (!credentials) report(`${program} printed no usable credentials. Continuing without logging in`);
    return credentials;
  } catch (error) {
    if (signal.aborted || !(error instanceof UserError)) throw error;
    const isMissing = error.code === 'SPACECTL_PROGRAM_MISSING' || isSystemError(error.cause, 'ENOENT');
    report(`${program} ${isMissing ? 'is not installed' : 'failed'}. Continuing without logging in`);
    return undefined;
  }
}

const answer = v.object({ Username: v.string(), Secret: v.pipe(v.string(), v.nonEmpty()) });

function parse(output: Buffer): Credentials | undefined {
  try {
    const { Username: username, Secret: secret } = readJson(answer, output.toString('utf8'));
    return username === '<token>' ? { identityToken: secret } : { username, password: secret };
  } catch {
    return undefined;
  }
}
