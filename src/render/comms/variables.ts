import { UserError } from '../../core/errors.ts';
import { domainOf, type Environment, environmentOf, isSelfHosted } from '../../launcher/index.ts';
import { readToken, type Token } from '../../pki/index.ts';
import { readPoolToken } from '../../pool-folder/index.ts';
import { type Content, derive, known } from '../../step/content.ts';
import type { Planner } from '../../step/plan.ts';

/** The variable that selects how a launcher talks to Spacelift. */
export const COMMS_PROTOCOL = 'SPACELIFT_WORKER_COMMS_PROTOCOL';
/** The variable with the server that a launcher polls. */
export const COMMS_URL = 'SPACELIFT_WORKER_COMMS_URL';

/** The answers that decide how workers talk to Spacelift. */
export interface CommsAnswers {
  readonly env: readonly (readonly [name: string, value: string])[];
  readonly 'worker-comms': 'poll' | 'mqtt' | 'unset';
  readonly 'worker-comms-url': string | undefined;
  readonly environment?: Environment | undefined;
  readonly domain?: string | undefined;
  readonly 'launcher-from'?: string | undefined;
  readonly 'launcher-sha256'?: string | undefined;
  readonly 'self-hosted-launcher'?: string | undefined;
}

/**
 * Returns the variables that tell a launcher how to talk to Spacelift. Those set with `--env` are taken as they are.
 * Without SPACELIFT_WORKER_COMMS_PROTOCOL a launcher uses MQTT, which Spacelift retires at the end of 2026
 * (terraform-aws-spacelift-workerpool-on-ec2, docs/upgrade/v8.x-to-v9.0.md@88372bb, and issue 229 there).
 *
 * @param token the pool's, if it exists; it names the environment if no answer does
 * @throws UserError `SPACECTL_MISSING_INPUT` if workers poll a server whose URL only the user knows
 */
export function commsVariables(given: CommsAnswers, token: Token | undefined): Record<string, string> {
  const theirs = given.env.filter(([name]) => name === COMMS_PROTOCOL || name === COMMS_URL);
  const protocol = protocolOf(given);
  if (protocol === 'unset') return Object.fromEntries(theirs);
  if (protocol === 'mqtt') return { [COMMS_PROTOCOL]: 'mqtt', ...Object.fromEntries(theirs) };
  const url = commsUrlOf(given, token);
  if (url === undefined) throw missingUrl();
  return { [COMMS_PROTOCOL]: 'poll', [COMMS_URL]: url };
}

/** Warns of MQTT, which Spacelift retires. */
export function commsWarnings(given: CommsAnswers): readonly string[] {
  if (protocolOf(given) !== 'mqtt') return [];
  const option = given['worker-comms'] === 'mqtt' ? '--worker-comms mqtt' : `--env ${COMMS_PROTOCOL}=mqtt`;
  return [
    `Spacelift retires MQTT at the end of 2026. From 2027-01-01 workers should poll: remove ${option} and render the files again`,
  ];
}

/**
 * Notes that the environment is only assumed, or warns that it differs from the token's, so that workers would poll another
 * server. Says nothing if the URL is given.
 */
export async function checkEnvironment(
  given: CommsAnswers & { readonly dir: string },
  planner: Pick<Planner, 'read'>,
): Promise<{ readonly notes: readonly string[]; readonly warnings: readonly string[] }> {
  const nothing = { notes: [], warnings: [] };
  if (protocolOf(given) !== 'poll' || givenUrl(given) !== undefined || isOwnInstallation(given)) return nothing;
  const token = await readPoolToken(given.dir, planner);
  const { environment } = given;
  if (!token) {
    if (environment !== undefined) return nothing;
    const url = commsUrlOf(given, undefined);
    return {
      ...nothing,
      notes: [`No pool token in ${given.dir}: workers will poll ${url}. For another environment, pass --environment`],
    };
  }
  if (!token.isKnown) {
    if (environment !== undefined) return nothing;
    const later =
      'The pool does not exist yet. If it is in FedRAMP or self-hosted, rendering will need --worker-comms-url';
    return { ...nothing, warnings: [later] };
  }
  const read = readToken(await token.bytes());
  const own = isSelfHosted(read) ? 'a self-hosted installation' : `the ${environmentOf(read)} environment`;
  if (environment === undefined || own === `the ${environment} environment`) return nothing;
  return { ...nothing, warnings: [`--environment ${environment}: the pool's token is for ${own}`] };
}

/**
 * Renders text that holds the variables. If only a token that does not exist yet names the environment, the text is
 * rendered once there is one.
 * @throws UserError `SPACECTL_MISSING_INPUT` as `commsVariables`
 */
export async function renderWithComms(
  given: CommsAnswers & { readonly dir: string },
  planner: Pick<Planner, 'read'>,
  render: (variables: Readonly<Record<string, string>>) => string | Promise<string>,
): Promise<Content> {
  const token = await readPoolToken(given.dir, planner);
  if (!token || isKnownWithoutToken(given)) return known(await render(commsVariables(given, undefined)));
  return derive([token], (bytes) => render(commsVariables(given, readToken(bytes))));
}

/** Returns the protocol that the answers choose. `--env` wins. */
export function protocolOf(given: CommsAnswers): 'poll' | 'mqtt' | 'unset' {
  const own = variableIn(given, COMMS_PROTOCOL);
  return own === 'poll' || own === 'mqtt' ? own : given['worker-comms'];
}

/**
 * Returns the URL of the server that workers poll: the given one, else the environment's. `undefined` if only the user
 * knows it: FedRAMP's is not published, and a self-hosted installation has its own.
 */
export function commsUrlOf(given: CommsAnswers, token: Token | undefined): string | undefined {
  const url = givenUrl(given);
  if (url !== undefined || isOwnInstallation(given)) return url;
  const { environment } = given;
  if (environment === undefined && token && isSelfHosted(token)) return undefined;
  const domain = given.domain?.toLowerCase();
  const ofToken = token ? environmentOf(token) : 'standard';
  const found = environment ?? (domain === domainOf('us') && ofToken === 'standard' ? 'us' : ofToken);
  return found === 'fedramp' ? undefined : `https://app.${domainOf(found)}`;
}

/** Creates the error for a URL that only the user knows. */
export function missingUrl(): UserError {
  return new UserError(
    'SPACECTL_MISSING_INPUT',
    'Missing --worker-comms-url: workers poll your Spacelift server, and spacectl knows only the URLs of the standard and the US environment',
    {
      suggestions: [
        'Pass the URL at which you open Spacelift: --worker-comms-url https://spacelift.example.com',
        'For a self-hosted server that predates polling: --worker-comms unset',
      ],
    },
  );
}

function isKnownWithoutToken(given: CommsAnswers): boolean {
  const isKnown = given.environment !== undefined || givenUrl(given) !== undefined || isOwnInstallation(given);
  return isKnown || protocolOf(given) !== 'poll';
}

function givenUrl(given: CommsAnswers): string | undefined {
  return variableIn(given, COMMS_URL) ?? given['worker-comms-url'];
}

/** Tells whether the answers name an installation that Spacelift does not run, whatever the token. */
function isOwnInstallation(given: CommsAnswers): boolean {
  const own = [given['self-hosted-launcher'], given['launcher-from'], given['launcher-sha256']];
  if (own.some((answer) => answer !== undefined)) return true;
  const domain = given.domain?.toLowerCase();
  return domain !== undefined && domain !== domainOf('standard') && domain !== domainOf('us');
}

function variableIn({ env }: CommsAnswers, name: string): string | undefined {
  return env.findLast(([each]) => each === name)?.[1];
}
