import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { JOURNAL_FILE } from '../pool-folder/index.ts';
import {
  type Answers,
  type Choice,
  type LackingOptions,
  list,
  onlyWhen,
  optional,
  optionalText,
  secret,
  text,
} from '../step/input.ts';
import { anyText, wholeNumber } from '../step/parsers.ts';
import { directory } from '../step/shared.ts';
import { parsePoolId } from './pool-id.ts';

/** The profile of Spacelift's CLI to use. */
export const profile = optionalText({
  section: 'account',
  summary: "Profile to use instead of the environment's credentials or the current profile",
  placeholder: 'ALIAS',
  parse: anyText,
});

/** Reports whether the directory lacks the record of its pool. */
export function isPoolUnknown({ dir }: { dir: string }): boolean {
  return !existsSync(path.join(dir, JOURNAL_FILE));
}

/** The pool to work on. By default, the one whose files are in the directory. */
export const poolId = optionalText({
  section: 'pool',
  summary: "ID of the worker pool (default: the directory's pool)",
  question: 'Which worker pool? (its ID, as in: spacectl workerpool list)',
  placeholder: 'ID',
  asked: isPoolUnknown,
  parse: parsePoolId,
});

/** The same for commands that ask Spacelift, where a name is enough. */
export const poolIdOrName = optionalText({
  section: 'pool',
  summary: poolId.summary,
  description: "The pool's name is accepted too, if no other pool has it.",
  question: 'Which worker pool? (its ID or name, as in: spacectl workerpool list)',
  placeholder: 'ID',
  asked: isPoolUnknown,
  parse: parseName,
});

/** The pool's name, which confirms an action that cannot be undone. */
export const confirm = optionalText({
  summary: 'Name of the pool, to confirm an action that cannot be undone',
  placeholder: 'NAME',
  parse: anyText,
});

/** How long to wait for workers. */
export const patience = text({
  summary: 'Minutes to wait for runs to finish, and with --rolling for each new worker to start',
  placeholder: 'MINUTES',
  asked: false,
  default: '70',
  parse: wholeNumber({ least: 1, meaning: 'a number of minutes' }),
});

export const name = text({
  section: 'pool',
  summary: 'Name of the worker pool',
  question: 'Name of the worker pool',
  placeholder: 'NAME',
  parse: parseName,
});

/** The name of the pool to create, if it is known. */
export const poolName = optional(name);

/** @throws UserError `SPACECTL_BAD_INPUT` */
export function parseName(given: string): string {
  if (given.trim() !== '' && !/\p{Cc}/u.test(given)) return given.trim();
  throw new UserError('SPACECTL_BAD_INPUT', 'The name of a worker pool is one line, and not empty');
}

/** The values that decide whose account is asked. Not every command has them all. */
export interface AccountValues {
  readonly offline?: boolean;
  readonly profile?: string | undefined;
  readonly 'api-endpoint'?: string | undefined;
  readonly 'api-key-id'?: string | undefined;
  readonly 'api-key-secret'?: string | undefined;
}

/** Looks up the spaces of the account. */
export async function lookUpSpaces(values: AccountValues, signal: AbortSignal): Promise<readonly Choice[]> {
  if (values.offline) return [];
  return (await import('./pools/account-choices.ts')).spaceChoices(values, signal);
}

/** Looks up the pools of the account. */
export async function lookUpPools(values: AccountValues, signal: AbortSignal): Promise<readonly Choice[]> {
  if (values.offline) return [];
  return (await import('./pools/account-choices.ts')).poolChoices(values, signal);
}

/** The profile in the wizard, which asks if there are several, and nothing else says which account is meant. */
export const accountProfile = {
  ...profile,
  asked: true,
  question: 'Which Spacelift account?',
  isAskedToChoose: true,
  leftOut: 'The current profile',
  lookUp: async () => (await import('./pools/account-choices.ts')).profileChoices(process.env),
} as const;

export const space = optionalText({
  section: 'pool',
  summary: 'ID of the space of the pool, not its name (default: legacy)',
  question: 'ID of the space (leave empty for legacy)',
  placeholder: 'ID',
  asked: true,
  leftOut: 'None of these: legacy',
  lookUp: lookUpSpaces,
  parse: anyText,
});

export const description = optionalText({
  section: 'pool',
  summary: 'What the pool is for',
  question: 'Description (optional)',
  placeholder: 'TEXT',
  asked: true,
  parse: anyText,
});

export const label = list({
  section: 'pool',
  summary: 'Label of the pool',
  question: 'Label of the pool',
  placeholder: 'LABEL',
  asked: true,
  parse: anyText,
});

/** Parses a drift limit. @throws UserError `SPACECTL_BAD_INPUT` */
export const parseDriftLimit = wholeNumber({ most: 999_999_999 });

export const driftLimit = optionalText({
  section: 'pool',
  summary: 'Maximum number of concurrent drift detection runs',
  question: 'Maximum number of concurrent drift detection runs (leave empty for no limit)',
  placeholder: 'N',
  asked: true,
  parse: parseDriftLimit,
});

/** The address of the account. */
export const apiEndpoint = text({
  section: 'account',
  summary: 'Address of your Spacelift account (https://ACCOUNT.app.spacelift.io)',
  question: 'Address of your Spacelift account',
  placeholder: 'URL',
  parse: async (endpoint) => (await import('./api/endpoint.ts')).parseEndpoint(endpoint),
});

export const apiKeyId = text({
  section: 'account',
  summary: 'ID of the API key',
  question: 'ID of the API key',
  placeholder: 'ID',
  parse(given) {
    if (given.trim() !== '') return given.trim();
    throw new UserError('SPACECTL_BAD_INPUT', 'The ID of an API key is not empty');
  },
});

export const apiKeySecret = secret({
  section: 'account',
  summary: 'Secret of the API key (-: standard input)',
  question: 'Secret of the API key: paste it, or name its file',
  placeholder: 'FILE',
  required: true,
  parse: (value) => value.trim(),
});

/** The value that decides whether an API key is needed. */
interface LoginSigns {
  readonly profile: string | undefined;
}

/** Reports whether the environment and the profiles lack credentials. */
async function lacksCredentials({ profile: alias }: LoginSigns): Promise<boolean> {
  const { hasCredentials } = await import('./login/credentials.ts');
  return !(await hasCredentials(alias, process.env));
}

/** Reads the account's pools with an API key that was typed. @throws UserError what Spacelift says about it */
async function tryKey(
  secret: string | undefined,
  values: { readonly 'api-endpoint': string | undefined; readonly 'api-key-id': string | undefined },
  signal: AbortSignal,
): Promise<void> {
  const { tryCredentials } = await import('./pools/account-choices.ts');
  await tryCredentials({ ...values, 'api-key-secret': secret }, signal);
}

/**
 * Creates the inputs of an API key. A key that is given wins over the environment, and excludes `--profile`.
 * @param isNeeded whether the key is required
 */
function loginWhere(isNeeded: (values: LoginSigns) => Promise<boolean>) {
  const isTaken = async (values: LoginSigns, isGiven: boolean): Promise<boolean> =>
    (isGiven && values.profile === undefined) || isNeeded(values);
  // With the address, the rest is required; the rest without an address is rejected when it is used.
  const isRestTaken = async (values: LoginSigns & { 'api-endpoint': string | undefined }, isGiven: boolean) =>
    (await isTaken(values, isGiven)) || values['api-endpoint'] !== undefined;
  return {
    'api-endpoint': onlyWhen(isTaken, {
      ...apiEndpoint,
      description: 'With --api-key-id and --api-key-secret-file; wins over SPACELIFT_API_* and profiles.',
      hint: () => 'No Spacelift credentials found. Create an API key under Settings > API keys.',
    }),
    'api-key-id': onlyWhen(isRestTaken, apiKeyId),
    'api-key-secret': onlyWhen(isRestTaken, { ...apiKeySecret, tryOut: tryKey }),
  } as const;
}

/** An API key, asked for if no credentials are found. */
export const login = loginWhere(lacksCredentials);

/** The confirmation of a command that always needs one: without a terminal, it has to be passed. */
export const confirmation = {
  ...confirm,
  lacking: ({ confirm: given }: Answers, { canAsk, isDryRun }: LackingOptions) =>
    given === undefined && !canAsk && !isDryRun ? ['--confirm'] : [],
} as const;

/** Names what a command on one pool lacks: the pool itself, and credentials. */
async function lackingForPool({ dir, profile: alias, ...answers }: Answers): Promise<readonly string[]> {
  const hasPool = answers['pool-id'] !== undefined || !isPoolUnknown({ dir: String(dir) });
  const login = { profile: alias as string | undefined };
  const hasLogin = answers['api-endpoint'] !== undefined || !(await lacksCredentials(login));
  return [
    ...(hasPool ? [] : ['--pool-id']),
    ...(hasLogin ? [] : ['Spacelift credentials (spacectl profile login ALIAS)']),
  ];
}

/** The inputs of every command on one pool. */
export const onePool = {
  dir: directory,
  'pool-id': { ...poolIdOrName, lacking: lackingForPool },
  profile,
  ...loginWhere(async () => false),
} as const;

/** The inputs of commands that only read an account. */
export const credentialsChoice = { profile, ...loginWhere(async () => false) } as const;
