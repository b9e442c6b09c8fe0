import { expect, test } from 'vitest';
import { loadAllCommands } from '../../commands/index.ts';
import { commandConfig } from '../../commands/oclif/config.ts';
import type { Part } from '../../src/step/conversation.ts';

/** A command as its class makes it: what its steps are is protected. */
type Made = new (argv: readonly string[], config: unknown) => { readonly parts?: readonly Part[] };

/** What `--force` replaces or allows. */
const FORCED: Readonly<Record<string, string>> = {
  init: 'rendered files, and the bundle',
  apply: 'rendered files, and the bundle',
  'ca-bundle:build': 'the bundle and its lock file',
  'ca-bundle:check': 'the bundle and its lock file, with --update',
  'keypair:rotate': 'a pool of a Kubernetes controller',
  'launcher:download': 'a file that is no program',
  'render:ansible': 'rendered files',
  'render:cloud-init': 'rendered files',
  'render:docker': 'rendered files',
  'render:ecs': 'rendered files',
  'render:systemd': 'rendered files',
  'render:terraform': 'rendered files',
  'workerpool:reset': 'a pool of a Kubernetes controller',
  'workerpool:update': 'a pool of a Kubernetes controller',
};

const commands = Object.entries(await loadAllCommands());

test('--force is a flag of the commands that have something to force, and of no other', () => {
  const withFlag = commands.filter(([, { baseFlags, flags }]) => 'force' in { ...baseFlags, ...flags });
  expect(withFlag.map(([id]) => id).sort()).toEqual(Object.keys(FORCED).sort());
});

test.each(commands)('%s has --force if one of its steps refuses something without it', (id, command) => {
  const { parts = [] } = new (command as unknown as Made)([], commandConfig());
  expect(parts.some((part) => 'step' in part && part.step.canForce === true)).toBe(id in FORCED);
});
