import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { JOURNAL_FILE, tokenFilesIn } from '../pool-folder/index.ts';
import { type Answers, choice, list, onlyWhen, optionalText, secret, text } from '../step/input.ts';
import { folder } from '../step/shared.ts';
import { parsePoolId } from './pool-id.ts';

/** Which of the vendor's profiles to use. */
export const profile = optionalText({
  summary: "Profile to use, instead of the environment's credentials or the current profile",
  placeholder: 'ALIAS',
  parse: (alias) => alias,
});

/** The pool that is meant. Left out, it is the one whose files the folder holds. */
export const poolId = optionalText({
  summary: 'ID of the worker pool; the one of the folder, if not given',
  question: 'Which worker pool? (its ID, as in: spacectl workerpool list)',
  placeholder: 'ID',
  asked: ({ dir }) => !existsSync(path.join(String(dir), JOURNAL_FILE)),
  parse: parsePoolId,
});

/** The pool's name, typed again for what cannot be undone. */
export const confirm = optionalText({
  summary: "The pool's name, to say that it is meant: what follows cannot be undone",
  placeholder: 'NAME',
  parse: (name) => name,
});

export const name = text({
  summary: 'Name of the worker pool',
  question: 'What should the worker pool be called?',
  placeholder: 'NAME',
  parse: parseName,
});

/** @throws UserError `SPACECTL_BAD_INPUT` */
export function parseName(given: string): string {
  if (given.trim() !== '' && !/\p{Cc}/u.test(given)) return given.trim();
  throw new UserError('SPACECTL_BAD_INPUT', 'The name of a worker pool is one line, and not empty');
}

export const space = optionalText({
  summary: 'ID of the space the pool belongs to; root, if not given',
  question: 'In which space? (its ID; leave empty for root)',
  placeholder: 'ID',
  asked: true,
  parse: (id) => id,
});

export const description = optionalText({
  summary: 'What the pool is for',
  question: 'What is it for? (a description; may be empty)',
  placeholder: 'TEXT',
  asked: true,
  parse: (words) => words,
});

export const label = list({
  summary: 'Label of the pool',
  question: 'Labels?',
  placeholder: 'LABEL',
  asked: true,
  parse: (word) => word,
});

export const driftLimit = optionalText({
  summary: 'How many drift detection runs may go on at once',
  question: 'How many drift detection runs may go on at once? (leave empty for no limit)',
  placeholder: 'N',
  asked: true,
  parse: parseDriftLimit,
});

/** @throws UserError `SPACECTL_BAD_INPUT` */
export function parseDriftLimit(number: string): number {
  if (/^\d{1,9}$/.test(number)) return Number(number);
  throw new UserError('SPACECTL_BAD_INPUT', `"${number}" is not a whole number`);
}

export const keyId = text({
  summary: 'ID of the API key',
  question: 'The ID of the API key?',
  placeholder: 'ID',
  parse(given) {
    if (given.trim() !== '') return given.trim();
    throw new UserError('SPACECTL_BAD_INPUT', 'The ID of an API key is not empty');
  },
});

export const keySecret = secret({
  summary: 'Secret of the API key (-: standard input)',
  question: 'The secret of the API key: paste it, or name its file',
  placeholder: 'FILE',
  required: true,
  parse: (value) => value.trim(),
});

/** Whether credentials have to be asked for, since neither the environment nor a profile has any. */
const isWithoutCredentials = async (answers: Answers): Promise<boolean> =>
  !(await (
    await import('./login/credentials.ts')
  ).hasCredentials(answers['profile'] as string | undefined, process.env));

const hint =
  'Neither the environment nor a profile has credentials for Spacelift. An API key is made under Settings, API keys.';

/**
 * An API key of one's own. One that is given wins over the environment; beside a profile that was named it would be one
 * too many.
 * @param isNeeded whether it has to be given, or asked for
 */
function loginWhere(isNeeded: (answers: Answers) => Promise<boolean>) {
  const isTaken = async (answers: Answers, isGiven: boolean): Promise<boolean> =>
    (isGiven && answers['profile'] === undefined) || isNeeded(answers);
  // The rest of the key goes with its address; the rest alone is refused when it is put to use.
  const isRestTaken = async (answers: Answers, isGiven: boolean): Promise<boolean> =>
    answers['api-endpoint'] !== undefined || isTaken(answers, isGiven);
  return {
    'api-endpoint': onlyWhen(
      isTaken,
      text({
        summary: 'Address of the account, with --api-key-id and --api-key-secret-file; wins over SPACELIFT_API_*',
        question: 'What is the address of your Spacelift account?',
        description: hint,
        placeholder: 'URL',
        parse: async (endpoint) => (await import('./api/endpoint.ts')).parseEndpoint(endpoint),
      }),
    ),
    'api-key-id': onlyWhen(isRestTaken, keyId),
    'api-key-secret': onlyWhen(isRestTaken, keySecret),
  } as const;
}

/** Asked for where no credentials are found. */
export const login = loginWhere(isWithoutCredentials);

/** What every command on one pool is given. The folder is not asked for: a pool can do without one. */
export const onePool = {
  dir: folder,
  'pool-id': poolId,
  profile,
  ...loginWhere(async () => false),
} as const;

/** With what an account is looked at. */
export const credentialsChoice = { profile, ...loginWhere(async () => false) } as const;

/** Where the wizard gets the pool and its token from; without any network only a token file is left. */
export const poolSource = onlyWhen(
  (answers) => answers['offline'] !== true,
  choice({
    summary: 'Where the pool and its token come from',
    question: 'Where does the worker pool come from?',
    choices: [
      { value: 'create', name: 'create it now', description: "With an API key, or the vendor's CLI's profile" },
      {
        value: 'existing',
        name: 'use one that is there',
        description: 'It is given a new token for the key of this folder; the old one stops working',
      },
      {
        value: 'token',
        name: 'from a token file',
        description: 'Of a pool created in the web page with the request made here; it can be given later',
      },
    ],
    // A folder that has its token needs nothing more.
    asked: ({ dir }) => tokenFilesIn(String(dir)).length === 0,
    default: 'token',
    suggested: ['create'],
  }),
);
