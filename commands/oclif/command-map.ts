import type { CommandClass } from './base.ts';

/**
 * Every command by its id. A command is loaded only when it runs; help reads the manifest that the build writes.
 */
export const COMMANDS = {
  init: () => import('../init.ts'),
  apply: () => import('../apply.ts'),
  deploy: () => import('../deploy.ts'),
  doctor: () => import('../doctor.ts'),
  'ami:check': () => import('../ami/check.ts'),
  'ami:latest': () => import('../ami/latest.ts'),
  'ca-bundle:build': () => import('../ca-bundle/build.ts'),
  'ca-bundle:check': () => import('../ca-bundle/check.ts'),
  'ca-bundle:diff': () => import('../ca-bundle/diff.ts'),
  'ca-bundle:inspect': () => import('../ca-bundle/inspect.ts'),
  'ca-bundle:probe': () => import('../ca-bundle/probe.ts'),
  'host:doctor': () => import('../host/doctor.ts'),
  'host:install': () => import('../host/install.ts'),
  'host:status': () => import('../host/status.ts'),
  'host:uninstall': () => import('../host/uninstall.ts'),
  'host:update': () => import('../host/update.ts'),
  'keypair:encode': () => import('../keypair/encode.ts'),
  'keypair:generate': () => import('../keypair/generate.ts'),
  'keypair:rotate': () => import('../keypair/rotate.ts'),
  'keypair:verify': () => import('../keypair/verify.ts'),
  'launcher:download': () => import('../launcher/download.ts'),
  'launcher:url': () => import('../launcher/url.ts'),
  'launcher:verify': () => import('../launcher/verify.ts'),
  'render:ansible': () => import('../render/ansible.ts'),
  'render:cloud-init': () => import('../render/cloud-init.ts'),
  'render:terraform': () => import('../render/terraform.ts'),
  'render:docker': () => import('../render/docker.ts'),
  'render:ecs': () => import('../render/ecs.ts'),
  'render:systemd': () => import('../render/systemd.ts'),
  'profile:current': () => import('../profile/current.ts'),
  'profile:export-token': () => import('../profile/export-token.ts'),
  'profile:list': () => import('../profile/list.ts'),
  'profile:login': () => import('../profile/login.ts'),
  'profile:logout': () => import('../profile/logout.ts'),
  'profile:select': () => import('../profile/select.ts'),
  'token:inspect': () => import('../token/inspect.ts'),
  completion: () => import('../completion.ts'),
  retire: () => import('../retire.ts'),
  schema: () => import('../schema.ts'),
  status: () => import('../status.ts'),
  whoami: () => import('../whoami.ts'),
  'workerpool:create': () => import('../workerpool/create.ts'),
  'workerpool:cycle': () => import('../workerpool/cycle.ts'),
  'workerpool:delete': () => import('../workerpool/delete.ts'),
  'workerpool:list': () => import('../workerpool/list.ts'),
  'workerpool:reset': () => import('../workerpool/reset.ts'),
  'workerpool:show': () => import('../workerpool/show.ts'),
  'workerpool:token': () => import('../workerpool/token.ts'),
  'workerpool:update': () => import('../workerpool/update.ts'),
  'workerpool:watch': () => import('../workerpool/watch.ts'),
  'workerpool:worker:cycle': () => import('../workerpool/worker/cycle.ts'),
  'workerpool:worker:drain': () => import('../workerpool/worker/drain.ts'),
  'workerpool:worker:list': () => import('../workerpool/worker/list.ts'),
  'workerpool:worker:undrain': () => import('../workerpool/worker/undrain.ts'),
} satisfies Readonly<Record<string, () => Promise<{ readonly default: CommandClass }>>>;

/** The id of a command: its words, joined by colons. */
export type CommandId = keyof typeof COMMANDS;

/** All ids, in the order of the map. */
export const COMMAND_IDS = Object.keys(COMMANDS) as readonly CommandId[];

/** Loads the class of one command, and sets its id. */
export async function loadCommand(id: CommandId): Promise<CommandClass> {
  return Object.assign((await COMMANDS[id]()).default, { id });
}

/** Loads the classes of all commands, by id, for the build and the tests. */
export async function loadAllCommands(): Promise<Record<string, CommandClass>> {
  const loaded = COMMAND_IDS.map(async (id) => [id, await loadCommand(id)] as const);
  return Object.fromEntries(await Promise.all(loaded));
}
