import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { rememberSecret } from '../../core/secrets.ts';
import { readFileIfExists } from '../../files/read.ts';
import { withTemporaryFolder } from '../../files/temporary.ts';
import { writeFileWhole } from '../../files/write.ts';
import { type Finished, firstError, runProgram } from '../../programs/index.ts';
import type { ActionChange, Planner } from '../../step/plan.ts';
import type { SecretStore, StoreVariables } from './stores.ts';
import { secretValue, wantedIn } from './wanted.ts';

/** A configuration whose secrets are in a store. */
export interface StoredConfiguration {
  readonly dir: string;
  /** Where its files are. */
  readonly folder: string;
  readonly store: SecretStore;
  /** Evaluates variables; those that have no value are left out. */
  evaluate(names: readonly string[]): Promise<StoreVariables>;
}

/** What has to be done about the secrets of a configuration. */
export interface SecretPlan {
  readonly changes: readonly ActionChange[];
  readonly warnings: readonly string[];
}

/** Milliseconds for one request to a cloud. */
const TIMEOUT_MS = 60_000;

/**
 * Plans to store the secrets that a configuration refers to, where they do not exist yet or have another value. What cannot
 * be compared is a warning: a CI job may use secrets without reading them.
 * @throws UserError `SPACECTL_INTERRUPTED`
 */
export async function planSecrets(configuration: StoredConfiguration, planner: Planner): Promise<SecretPlan> {
  const { dir, folder, store, evaluate } = configuration;
  const declared = (await readFileIfExists(path.join(folder, 'variables.tf')))?.toString('utf8') ?? '';
  const wanted = wantedIn(declared);
  if (wanted.length === 0) return { changes: [], warnings: [] };
  const own = store.variables.filter((name) => declared.includes(`variable "${name}" `));
  const variables = await evaluate([...own, ...wanted.map((name) => `${name}_secret_name`)]);
  const changes: ActionChange[] = [];
  const warnings: string[] = [];
  for (const each of wanted) {
    const [name, value] = [variables[`${each}_secret_name`], await secretValue(dir, each, planner)];
    if (name === undefined || value === undefined) continue;
    const found = await lookUp(store, store.read(name, variables), planner.signal);
    if (found.problem !== undefined)
      warnings.push(`The secret ${name} in ${store.title} was not compared: ${found.problem}`);
    else if (found.value !== value)
      changes.push(storing(store, { name, value, variables, isNew: found.value === undefined }, planner));
  }
  return { changes, warnings };
}

/** What is in a store under a name. */
interface Found {
  readonly value?: string | undefined;
  /** Why that is not known. */
  readonly problem?: string;
}

async function lookUp({ program, missing }: SecretStore, args: readonly string[], signal: AbortSignal): Promise<Found> {
  try {
    const { exitCode, stdout, stderr } = await runProgram(program, args, { signal, timeout: TIMEOUT_MS });
    if (exitCode === 0) return { value: rememberSecret(stdout.toString('utf8').trim()) };
    return missing.test(stderr) ? {} : { problem: `${program}: ${firstError(stderr) || `exit code ${exitCode}`}` };
  } catch (error) {
    if (!(error instanceof UserError) || signal.aborted) throw error;
    return { problem: error.message };
  }
}

function storing(
  store: SecretStore,
  secret: {
    readonly name: string;
    readonly value: string;
    readonly variables: StoreVariables;
    readonly isNew: boolean;
  },
  planner: Planner,
): ActionChange {
  const { name, value, variables, isNew } = secret;
  return planner.action({
    title: isNew
      ? `Store the secret ${name} in ${store.title}`
      : `Replace the secret ${name} in ${store.title}: it has another value`,
    status: isNew ? 'create' : 'change',
    run: (signal) =>
      withTemporaryFolder(async (folder) => {
        const file = path.join(folder, 'secret');
        await writeFileWhole(file, Buffer.from(value), { mode: 0o600, mayReplace: false });
        const run = (args: readonly string[]) => runProgram(store.program, args, { signal, timeout: TIMEOUT_MS });
        const replace = () => run(store.replace(name, file, variables));
        const first = isNew ? await run(store.create(name, file, variables)) : await replace();
        const isConflict = first.exitCode !== 0 && isNew && store.conflict?.test(first.stderr);
        const ended = isConflict ? await replace() : first;
        if (ended.exitCode !== 0) throw notStored(store, name, ended);
      }),
  });
}

function notStored({ title, program }: SecretStore, name: string, { exitCode, stderr }: Finished): UserError {
  const words = firstError(stderr) || `exit code ${exitCode}`;
  return new UserError(
    'SPACECTL_PROGRAM_FAILED',
    `The secret ${name} was not stored in ${title}. ${program}: ${words}`,
    { suggestions: ['Run the same command again to continue'] },
  );
}
