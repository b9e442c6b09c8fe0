import { UserError } from '../../core/errors.ts';
import { type Choice, onlyWhen, optionalText, secret, text } from '../../step/input.ts';
import { anyText } from '../../step/parsers.ts';

/** The profile of Spacelift's CLI to use. */
export const profile = optionalText({
  section: 'account',
  summary: "Profile to use instead of the environment's credentials or the current profile",
  placeholder: 'ALIAS',
  parse: anyText,
});

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
  return (await import('./account-choices.ts')).spaceChoices(values, signal);
}

/** Looks up the pools of the account. */
export async function lookUpPools(values: AccountValues, signal: AbortSignal): Promise<readonly Choice[]> {
  if (values.offline) return [];
  return (await import('./account-choices.ts')).poolChoices(values, signal);
}

/** The profile in the wizard, which asks if there are several, and nothing else says which account is meant. */
export const accountProfile = {
  ...profile,
  asked: true,
  question: 'Which Spacelift account?',
  isAskedToChoose: true,
  leftOut: 'The current profile',
  lookUp: async () => (await import('./account-choices.ts')).profileChoices(process.env),
} as const;

/** The address of the account. */
export const apiEndpoint = text({
  section: 'account',
  summary: 'Address of your Spacelift account (https://ACCOUNT.app.spacelift.io)',
  question: 'Address of your Spacelift account',
  placeholder: 'URL',
  parse: async (endpoint) => (await import('../api/endpoint.ts')).parseEndpoint(endpoint),
});

export const apiKeyId = text({
  section: 'account',
  summary: 'ID of the API key',
  question: 'ID of the API key',
  placeholder: 'ID',
  parse(given) {
    const id = given.trim();
    if (id === '') throw badKeyId('The ID of an API key is not empty');
    if (id.includes('://')) throw badKeyId('This is a URL, not the ID of an API key');
    if (/[\s/]/.test(id)) throw badKeyId('The ID of an API key has neither spaces nor slashes');
    return id;
  },
});

/** Repeats no value: what is pasted here by mistake may be a secret, or a URL with one. */
function badKeyId(message: string): UserError {
  return new UserError('SPACECTL_BAD_INPUT', message, {
    suggestions: ['Copy the ID from Settings > API keys. It looks like 01HCC6QZ932J7WDF4FTVM9QMEP'],
  });
}

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
export async function lacksCredentials({ profile: alias }: LoginSigns): Promise<boolean> {
  const { hasCredentials } = await import('./credentials.ts');
  return !(await hasCredentials(alias, process.env));
}

/**
 * Reads the account's pools with an API key that was typed.
 * @throws UserError what Spacelift says about it, and how to change the rest of the key
 */
async function tryKey(
  secret: string | undefined,
  values: { readonly 'api-endpoint': string | undefined; readonly 'api-key-id': string | undefined },
  signal: AbortSignal,
): Promise<void> {
  const { tryCredentials } = await import('./account-choices.ts');
  try {
    await tryCredentials({ ...values, 'api-key-secret': secret }, signal);
  } catch (error) {
    if (!(error instanceof UserError) || isAddressWrong(error)) throw error;
    throw new UserError(error.code, error.message, {
      suggestions: [...error.suggestions, 'Go back (Esc, or < with --plain) to change the ID or the address'],
      cause: error,
    });
  }
}

/** Reports whether a key was not even looked at: nothing at the address answers as Spacelift does. */
function isAddressWrong({ code }: UserError): boolean {
  return code === 'SPACECTL_UNREACHABLE';
}

/**
 * Creates the inputs of an API key. A key that is given wins over the environment, and excludes `--profile`.
 * @param isNeeded whether the key is required
 */
export function loginWhere(isNeeded: (values: LoginSigns) => Promise<boolean>) {
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
    'api-key-secret': onlyWhen(isRestTaken, {
      ...apiKeySecret,
      tryOut: tryKey,
      reopens: (error) => (isAddressWrong(error) ? 'api-endpoint' : undefined),
    }),
  } as const;
}

/** An API key, asked for if no credentials are found. */
export const login = loginWhere(lacksCredentials);

/** The inputs of commands that only read an account. */
export const credentialsChoice = { profile, ...loginWhere(async () => false) } as const;
