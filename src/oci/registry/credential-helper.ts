import * as v from 'valibot';
import { isSystemError, UserError } from '../../core/errors.ts';
import { readJson } from '../../core/json.ts';
import { runProgram } from '../../programs/index.ts';
import type { Credentials } from './login.ts';

/** Helpers may ask the network or a key ring, but not for ever. */
const LONGEST = 30_000;

/**
 * Asks one of Docker's credential helpers (docker/docker-credential-helpers: `docker-credential-NAME get`, the server on
 * standard input). `undefined` if it has nothing, or is not to be had: images that anyone may read need no login.
 *
 * @param report is told why a helper was of no use; never what it said, which may hold a secret
 * @throws the user's interruption
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
  // The name comes out of a file: it is a name, and no path to whatever program.
  if (!/^[\w.-]+$/.test(helper)) {
    report(`"${helper}" is not the name of a credential helper: going on without logging in`);
    return undefined;
  }
  const { PATH, HOME, DOCKER_CONFIG } = environment;
  const own = Object.entries({ PATH, HOME, DOCKER_CONFIG }).filter((entry): entry is [string, string] => !!entry[1]);
  try {
    const options = { signal, input: server, timeout: LONGEST, environment: Object.fromEntries(own) };
    const { exitCode, stdout } = await runProgram(program, ['get'], options);
    // It ends so for what it does not have, and says it in words of its own.
    if (exitCode !== 0) return undefined;
    const credentials = parse(stdout);
    if (!credentials) report(`${program} gives no credentials that can be used: going on without logging in`);
    return credentials;
  } catch (error) {
    if (signal.aborted || !(error instanceof UserError)) throw error;
    const isMissing = error.code === 'SPACECTL_PROGRAM_MISSING' || isSystemError(error.cause, 'ENOENT');
    report(`${program} ${isMissing ? 'is not installed' : 'does not answer'}: going on without logging in`);
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
