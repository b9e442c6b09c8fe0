import { UserError } from '../../core/errors.ts';
import { domainOf, type Environment, environmentOf, isSelfHosted } from '../../launcher/index.ts';
import { readToken, type Token } from '../../pki/index.ts';
import { readPoolToken } from '../../pool-folder/index.ts';
import { type Content, derive, known } from '../../step/content.ts';
import type { Planner } from '../../step/plan.ts';

export const COMMS_PROTOCOL = 'SPACELIFT_WORKER_COMMS_PROTOCOL';
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
 * The variables that tell a launcher how to talk to Spacelift, with those that the user set by `--env` taken as they are.
 * Without SPACELIFT_WORKER_COMMS_PROTOCOL a launcher uses MQTT, which Spacelift retires at the end of 2026
 * (terraform-aws-spacelift-workerpool-on-ec2, docs/upgrade/v8.x-to-v9.0.md@88372bb, and issue 229 there).
 *
 * @param token the pool's, where there is one: it tells the environment if no answer does
 * @throws UserError `SPACECTL_MISSING_INPUT` where workers poll a server whose URL only the user knows
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

/** What there is to say about the way workers talk to Spacelift. */
export function commsWarnings(given: CommsAnswers): readonly string[] {
  if (protocolOf(given) !== 'mqtt') return [];
  const cure = given['worker-comms'] === 'mqtt' ? '--worker-comms mqtt' : `--env ${COMMS_PROTOCOL}=mqtt`;
  return [
    `MQTT retires at the end of 2026. From 2027-01-01 workers should poll: leave out ${cure} and render the files again`,
  ];
}

/**
 * Says where the environment is only assumed, or disagrees with the pool's token: workers would poll another server.
 * Nothing where the URL is given.
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
      notes: [`No pool token in ${given.dir}: workers will poll ${url}; for another environment pass --environment`],
    };
  }
  if (!token.isKnown) {
    if (environment !== undefined) return nothing;
    const later =
      'The pool is not there yet: if it is in FedRAMP or self-hosted, rendering will need --worker-comms-url';
    return { ...nothing, warnings: [later] };
  }
  const read = readToken(await token.bytes());
  const own = isSelfHosted(read) ? 'a self-hosted installation' : `the ${environmentOf(read)} environment`;
  if (environment === undefined || own === `the ${environment} environment`) return nothing;
  return { ...nothing, warnings: [`--environment ${environment}: the pool's token is for ${own}`] };
}

/**
 * Renders what holds the variables. Where only a token that is still to be made tells the environment, that waits for it.
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

/** The protocol that the answers come to; `--env` wins. */
export function protocolOf(given: CommsAnswers): 'poll' | 'mqtt' | 'unset' {
  const own = variableIn(given, COMMS_PROTOCOL);
  return own === 'poll' || own === 'mqtt' ? own : given['worker-comms'];
}

/**
 * The server that workers poll: the one given, else that of the environment. `undefined` where only the user knows it:
 * FedRAMP's is not published, and a self-hosted installation has its own.
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

/** Says that a URL is needed which only the user knows. */
export function missingUrl(): UserError {
  return new UserError(
    'SPACECTL_MISSING_INPUT',
    'Missing --worker-comms-url: workers poll your Spacelift server, and only the URLs of the standard and the US environment are known',
    {
      suggestions: [
        'Pass the address at which you open Spacelift: --worker-comms-url https://spacelift.example.com',
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

/** Whether the answers, whatever the token, speak of an installation that Spacelift does not run. */
function isOwnInstallation(given: CommsAnswers): boolean {
  const own = [given['self-hosted-launcher'], given['launcher-from'], given['launcher-sha256']];
  if (own.some((answer) => answer !== undefined)) return true;
  const domain = given.domain?.toLowerCase();
  return domain !== undefined && domain !== domainOf('standard') && domain !== domainOf('us');
}

function variableIn({ env }: CommsAnswers, name: string): string | undefined {
  return env.findLast(([each]) => each === name)?.[1];
}
