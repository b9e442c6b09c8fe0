import { tokenFilesIn } from '../pool-folder/index.ts';
import { choice, onlyWhen } from '../step/input.ts';
import { type AccountValues, lookUpPools } from './login/inputs.ts';
import { isPoolUnknown, poolId } from './pools/inputs.ts';

/** Where the wizard gets the pool and its token from. With `--offline`, only a token file is possible. */
export const poolSource = onlyWhen(
  ({ offline }: { offline: boolean }) => !offline,
  choice({
    section: 'pool',
    key: 'source',
    summary: 'Where the pool and its token come from',
    question: 'Where does the worker pool come from?',
    choices: [
      { value: 'create', name: 'Create a new pool', description: 'With an API key or a profile of spacectl' },
      {
        value: 'existing',
        name: 'Use an existing pool',
        description:
          'Reads its token; if that is for another key, resets the pool for the key here, and the old token stops working',
      },
      {
        value: 'token',
        name: 'Use a token file',
        description: "I will create the pool in Spacelift's UI with this CSR and add the token later",
      },
    ],
    // With a token in the directory, there is nothing to ask.
    asked: ({ dir }: { dir: string }) => tokenFilesIn(dir).length === 0,
    default: 'token',
    suggested: ['create'],
  }),
);

interface PoolSourceChoice extends AccountValues {
  readonly dir: string;
  /** `undefined` with `--offline`. */
  readonly pool: 'create' | 'existing' | 'token' | undefined;
}

/** The pool in the wizard: asked for if an existing one is used. Configurations also take it if it is given. */
export const poolToUse = {
  ...onlyWhen(({ pool }: PoolSourceChoice) => pool !== 'create', poolId),
  asked: ({ dir, pool }: PoolSourceChoice) => pool === 'existing' && isPoolUnknown({ dir }),
  question: 'Which worker pool?',
  lookUp: (values: PoolSourceChoice, signal: AbortSignal) => lookUpPools(values, signal),
};
