import type { Shape } from '../shape.ts';
import { BUNDLE } from './certificates.ts';
import { INSTALLED } from './hosts.ts';
import { RENDERED } from './rendered.ts';

type Fields = Readonly<Record<string, Shape>>;

/** The facts of `workerpool create`. Without an ID: the pool is created when the plan is applied. */
export const CREATED: Shape = { name: 'text', endpoint: 'text', 'id?': 'text' };

/** The facts of `init` and `apply`: an object for each step that the answers lead to. */
export const SETUP: Fields = {
  'poolFile?': {},
  'keypair?': {},
  'createWorkerPool?': CREATED,
  'adoptWorkerPool?': { id: 'text', 'name?': 'text', 'endpoint?': 'text', 'stale?': ['text'] },
  'workerPool?': { hasToken: 'boolean', 'isFedRamp?': 'boolean', 'endpoint?': 'text' },
  'caBundle?': { ...optional(BUNDLE) },
  ...optional(RENDERED),
  'rendered?': {},
};

const HOSTS: Shape = { hosts: ['text'] };
const TERRAFORM: Shape = { program: 'text', plan: 'text' };

/** The facts of `deploy`: an object for each target that is deployed. */
export const DEPLOYED: Fields = {
  poolBefore: {},
  'deploy-systemd?': { ...optional(INSTALLED as Fields), 'hosts?': ['text'] },
  'deploy-ansible?': HOSTS,
  'deploy-terraform-aws?': TERRAFORM,
  'deploy-terraform-azure?': TERRAFORM,
  'deploy-terraform-gcp?': TERRAFORM,
  'deploy-ecs?': TERRAFORM,
  workers: { 'pool?': 'text', 'workers?': ['text'], 'started?': ['text'] },
};

function optional(fields: Fields): Fields {
  return Object.fromEntries(Object.entries(fields).map(([name, shape]) => [`${name.replace(/\?$/, '')}?`, shape]));
}
