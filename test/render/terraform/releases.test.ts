import { expect, test } from 'vitest';
import { joinInputs, moduleFor, readOwnInputs } from '../../../src/render/terraform/module-inputs.ts';
import { MODULES, type Module, parseType, type Type } from '../../../src/render/terraform/releases/index.ts';
import { type ModuleFacts, RELEASES, readFacts } from '../../services/vendor-module/facts.ts';
import { sampleValue } from '../../services/vendor-module/sample-value.ts';

const named = (facts: ModuleFacts) => MODULES.find((each) => `${each.cloud}-${each.version}` === facts.name);
const complete = RELEASES.map(readFacts).filter((facts) => facts.complete);
const known = RELEASES.map(readFacts).filter((facts) => named(facts) !== undefined);

test('every release whose inputs are completely known is offered, and the default of each cloud was read as a whole', () => {
  expect(complete.filter((facts) => !named(facts))).toEqual([]);
  expect(complete.length).toBe(8);
  for (const cloud of ['aws', 'azure', 'gcp'] as const) {
    const { version, unread } = moduleFor(cloud, undefined);
    expect({ version, unread }).toEqual({
      version: { aws: 'v6.0.3', azure: 'v3.0.0', gcp: 'v1.5.2' }[cloud],
      unread: [],
    });
  }
  // An open pull request: never to be pinned.
  expect(MODULES.some(({ version }) => version === 'v9.0.0')).toBe(false);
});

test.each(complete.map((facts) => [facts.name, facts] as const))(
  'every input of %s is known by name and type',
  (_name, facts) => {
    const module = named(facts) as Module;
    const types = Object.entries(facts.variables).map(([name, { type }]) => [name, parseType(type)]);
    expect(module.inputs).toEqual(Object.fromEntries(types));
    const required = Object.entries(facts.variables).filter(([, each]) => each.required);
    expect([...module.required].sort()).toEqual(required.map(([name]) => name).sort());
  },
);

test.each(known.filter((facts) => !facts.complete).map((facts) => [facts.name, facts] as const))(
  'for %s, of which not all is known, only known inputs are written, and the output says so',
  (_name, facts) => {
    const module = named(facts) as Module;
    const others = facts.name === 'aws-v7.2.0' ? ['aws-v7.1.0', 'aws-v8.2.0'].map(readFacts) : [facts];
    for (const name of Object.keys(module.inputs)) {
      for (const { variables } of others) expect(Object.keys(variables)).toContain(name);
    }
    expect(module.unread.length).toBeGreaterThan(0);
  },
);

test('a release of which tag, outputs or boot script were not read is not called verified', () => {
  for (const facts of known) {
    const isRead =
      facts.complete &&
      facts.tag_seen &&
      facts.boot.bytes_without_configuration !== null &&
      (Object.keys(facts.outputs).length > 0 || facts.outputs_note === 'the module has no outputs');
    expect({ [facts.name]: named(facts)?.unread.length === 0 }).toEqual({ [facts.name]: isRead });
  }
});

test('boot scripts cost what the facts say, and a failure ends them the way that powers the host off', () => {
  for (const facts of known) {
    const { boot, selfHosted } = named(facts) as Module;
    const { boot: read, boot_selfhosted: own } = facts;
    expect([facts.name, boot.bytes]).toEqual([
      facts.name,
      read.inner_bytes_without_configuration ?? read.bytes_without_configuration ?? undefined,
    ]);
    // Only what was read at this very release is taken for its cost.
    if (own && !/floor/.test(own.confidence ?? '')) expect(selfHosted?.bytes).toBe(own.bytes_without_configuration);
    else expect(selfHosted?.bytes).toBeUndefined();
    // Where `set -e` is not in force, the text is in a function that is called in a condition: `exit` would skip the end.
    if (read.set_e_in_force !== null && facts.cloud !== 'gcp') {
      expect([facts.name, boot.stop]).toEqual([facts.name, read.set_e_in_force ? 'exit 1' : 'return 1']);
    }
    if (read.env_file && !/not read/.test(read.env_file)) {
      expect([facts.name, boot.hasEnvironmentFile]).toEqual([facts.name, read.env_file.startsWith('/etc/')]);
    }
  }
});

test.each(complete.map((facts) => [facts.name, facts] as const))(
  '%s: --module-input takes every input, n of n, and refuses a value of another type',
  (_name, facts) => {
    const module = { ...(named(facts) as Module), required: [] };
    const names = Object.keys(facts.variables);
    for (const name of names) {
      const type = module.inputs[name] as Type;
      const value = sampleValue(type);
      const own = readOwnInputs(module, [[name, typeof value === 'string' ? value : JSON.stringify(value)]]);
      expect(joinInputs(module, { set: {} }, own)).toEqual({ [name]: value });
      if (type === 'any') continue;
      const wrong = typeof type === 'string' ? '[1]' : 'text';
      const other = type === 'string' ? { [name]: 1 } : readOwnInputs(module, [[name, wrong]]);
      expect(() => joinInputs(module, { set: {} }, other)).toThrow(`--module-input ${name} takes`);
    }
  },
);

test('what the user adds to an object joins what is set, and wins over defaults', () => {
  const module = { ...moduleFor('aws', 'v7.1.0'), required: [] };
  const own = readOwnInputs(module, [
    ['env_vars', '{"A":{"value":"1"}}'],
    ['autoscaling_configuration', '{"max_create":5}'],
    ['manage_log_groups', 'true'],
    ['domain_name', 'null'],
  ]);
  const set = { env_vars: { B: { value: '2' } } };
  const defaults = { autoscaling_configuration: { version: 'v2.7.1', max_create: 1 }, manage_log_groups: false };
  expect(joinInputs(module, { set, defaults }, own)).toEqual({
    env_vars: { A: { value: '1' }, B: { value: '2' } },
    autoscaling_configuration: { version: 'v2.7.1', max_create: 5 },
    manage_log_groups: true,
    domain_name: null,
  });
});
