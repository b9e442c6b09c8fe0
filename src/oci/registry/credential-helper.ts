import * as v from 'valibot';
import { isSystemError, UserError } from '../../core/errors.ts';
import { readJson } from '../../core/json.ts';
import { toSafeLine } from '../../core/safe-line.ts';
import { rememberSecret } from '../../core/secrets.ts';
import { runProgram } from '../../programs/index.ts';
import type { Credentials } from './login.ts';

/** Helpers may use the network or a key ring, but must not hang. */
const TIMEOUT_MS = 30_000;

/**
 * Runs one of Docker's credential helpers (docker/docker-credential-helpers: `docker-credential-NAME get`, the server on
 * standard input). `undefined` if it has no credentials or cannot be run: public images need no login.
 *
 * @param report is told why a helper failed, in its own words
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
    const { exitCode, stdout, stderr } = await runProgram(program, ['get'], options);
    if (exitCode !== 0) {
      const said = complaintIn(stdout, stderr);
      if (said) report(`${program} failed: ${said}. Continuing without logging in`);
      return undefined;
    }
    const credentials = parse(stdout);
    if (!credentials) report(`${program} printed no usable credentials. Continuing without logging in`);
    return credentials;
  } catch (error) {
    if (signal.aborted || !(error instanceof UserError)) throw error;
    const isMissing = error.code === 'SPACECTL_PROGRAM_MISSING' || isSystemError(error.cause, 'ENOENT');
    report(`${isMissing ? `${program} is not installed` : error.message}. Continuing without logging in`);
    return undefined;
  }
}

/**
 * Reads why a helper failed, in one line. Helpers made with Docker's library say so on standard output
 * (docker/docker-credential-helpers, credentials/credentials.go, Serve), others on standard error; a login that was printed
 * all the same is never repeated.
 * @returns `undefined` if it only has no credentials for the server, or says nothing
 */
function complaintIn(stdout: Buffer, stderr: string): string | undefined {
  const printed = stdout.toString('utf8').trim();
  if (NO_CREDENTIALS.test(printed) || NO_CREDENTIALS.test(stderr)) return undefined;
  const said = stderr || (/[{"]/.test(printed) ? '' : printed);
  return toSafeLine(said, 200).replace(/\.$/, '') || undefined;
}

/** docker/docker-credential-helpers, credentials/error.go; others differ in a word or two. */
const NO_CREDENTIALS = /\b(?:credentials?|item|entry|secret)\b.{0,40}\bnot (?:be )?found\b/i;

const answer = v.object({ Username: v.string(), Secret: v.pipe(v.string(), v.nonEmpty()) });

function parse(output: Buffer): Credentials | undefined {
  try {
    const { Username: username, Secret: secret } = readJson(answer, output.toString('utf8'));
    rememberSecret(secret);
    return username === '<token>' ? { identityToken: secret } : { username, password: secret };
  } catch {
    return undefined;
  }
}
