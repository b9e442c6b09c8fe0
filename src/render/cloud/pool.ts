import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { sha256 } from '../../core/sha256.ts';
import { quoteIfNeeded } from '../../core/text.ts';
import { CSR_FILE } from '../../pki/index.ts';
import { poolIdIn } from '../../pool-folder/index.ts';
import type { Content } from '../../step/content.ts';
import type { Values } from '../../step/input.ts';
import type { Planner } from '../../step/plan.ts';
import { block, expression, type Item, reference, type Value } from '../format/hcl/hcl.ts';
import { use, type Variable } from '../format/hcl/variables.ts';
import type { cloudInputs, poolInputs } from './inputs.ts';

type Given = Values<typeof cloudInputs>;
type PoolGiven = Pick<Given, 'dir' | keyof typeof poolInputs>;

/** The worker pool of a configuration: one that it creates, or an existing one. */
export interface Pool {
  readonly isCreated: boolean;
  readonly id: Value;
  /** The token, if the configuration creates the pool; otherwise it is in a secret store. */
  readonly token: Value | undefined;
  readonly variables: readonly Variable[];
  readonly main: readonly Item[];
  readonly providers: Readonly<Record<string, { readonly source: string; readonly version: string }>>;
  /** A name for the pool's resources: lower-case letters, digits and dashes. */
  readonly slug: string;
  /** The certificate signing request, a file beside the configuration. */
  readonly csr: Content | undefined;
}

/** Finds the pool of a configuration. @throws UserError `SPACECTL_MISSING_INPUT` if a new pool has no CSR */
export async function poolFor(given: PoolGiven, planner: Planner): Promise<Pool> {
  const name = given['pool-name'];
  if (name === undefined) return existingPool(given);
  const file = path.join(given.dir, CSR_FILE);
  const csr = await planner.read(file);
  if (!csr) {
    throw new UserError(
      'SPACECTL_MISSING_INPUT',
      `Creating a pool needs a certificate signing request, and ${file} does not exist`,
      {
        suggestions: [
          { command: `spacectl keypair generate --dir ${quoteIfNeeded(given.dir)}` },
          'Or use an existing pool with --pool-id ID',
        ],
      },
    );
  }
  return {
    isCreated: true,
    id: reference('spacelift_worker_pool.workers.id'),
    token: reference('spacelift_worker_pool.workers.config'),
    variables: [
      { name: 'worker_pool_name', type: 'string', description: 'Name of the worker pool', value: name, example: name },
    ],
    main: [
      '`csr` is only the signing request: the private key never enters the state. The token does, as `config`.',
      block('resource', ['spacelift_worker_pool', 'workers'], {
        name: use('worker_pool_name'),
        csr: expression`filebase64("\${path.module}/${reference(CSR_FILE)}")`,
        description: given['pool-description'],
        // Without it the pool is created in the space "legacy", which stacks in root cannot use.
        space_id: given['pool-space'] ?? 'root',
        labels: given['pool-label']?.length ? [...given['pool-label']] : undefined,
      }),
    ],
    providers: { spacelift: { source: 'spacelift-io/spacelift', version: '~> 1.0' } },
    slug: slugOf(name),
    csr,
  };
}

/** Returns an existing pool. If its ID is not known yet, the user gives it when applying the configuration. */
async function existingPool({ dir, 'pool-id': given }: PoolGiven): Promise<Pool> {
  const own = await poolIdIn(dir);
  const id = given ?? own;
  return {
    isCreated: false,
    id: use('worker_pool_id'),
    token: undefined,
    variables: [
      {
        name: 'worker_pool_id',
        type: 'string',
        description: 'ID of the worker pool',
        value: id,
        example: id ?? '01HCC6QZ932J7WDF4FTVM9QMEP',
        pattern: ['^[0-9A-HJKMNP-TV-Z]{26}$', 'the ID of a worker pool: 26 characters'],
      },
    ],
    main: [],
    providers: {},
    slug: id === own ? slugOf(path.basename(path.resolve(dir))) : String(given).toLowerCase(),
    csr: undefined,
  };
}

function slugOf(name: string): string {
  const slug = name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
  const short = slug.slice(0, 40).replace(/-$/, '') || 'workers';
  // Different names can give the same slug, and two pools must not share an account or a secret: such a slug gets a part
  // of the name's digest.
  return short === name ? short : `${short.slice(0, 31).replace(/-$/, '')}-${sha256(name).slice(0, 8)}`;
}
