import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { JOURNAL_FILE } from '../../pool-folder/index.ts';
import { type Answers, type LackingOptions, list, optional, optionalText, text } from '../../step/input.ts';
import { anyText, wholeNumber } from '../../step/parsers.ts';
import { directory } from '../../step/shared.ts';
import { lacksCredentials, loginWhere, lookUpSpaces, profile } from '../login/inputs.ts';
import { parsePoolId } from '../pool-id.ts';

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
