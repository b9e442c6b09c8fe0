import { mkdir, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { outputIn, planAnsible } from '../../src/deploy/ansible.ts';
import { createState } from '../../src/deploy/state.ts';
import { createPlanner } from '../../src/step/plan.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

afterEach(() => {
  vi.unstubAllEnvs();
});

// As `ansible -o` of Debian 12 prints them (ansible-core 2.14).
test.each([
  ['worker-1 | CHANGED | rc=0 | (stdout) {"worker":true}', '{"worker":true}'],
  ['worker-1 | CHANGED | rc=0 | (stdout) {"worker":true} (stderr) said', '{"worker":true}'],
  [
    'worker-2 | FAILED! => {"changed": true,"rc": 10,"stderr": "err","stdout": "{\\"worker\\":false}"}',
    '{"worker":false}',
  ],
  ['worker-3 | UNREACHABLE!: Failed to connect to the host via ssh', undefined],
  ['worker-4 | FAILED! => {"msg": "cut', undefined],
])('%s', (line, output) => {
  expect(outputIn(line)).toBe(output);
});

testWith('ansible')('the tag of a host is known, also where a CI job asks Ansible for colours', async () => {
  vi.stubEnv('ANSIBLE_FORCE_COLOR', '1');
  const dir = await temporaryFolder();
  await mkdir(path.join(dir, 'ansible'));
  const inventory = path.join(dir, 'ansible/hosts.json');
  const vars = { ansible_connection: 'local', ansible_become: false, ansible_python_interpreter: '/usr/bin/python3' };
  await writeFile(inventory, JSON.stringify({ spacelift_workers: { hosts: { one: {} }, vars } }));
  vi.stubEnv('ANSIBLE_INVENTORY', inventory);
  const state = createState();
  const { signal } = new AbortController();
  await planAnsible(dir, {}, { planner: createPlanner({ step: 'deploy', planned: [], signal }), state });
  expect(state.groups.map(({ hosts }) => hosts)).toEqual([[{ name: 'one', tag: hostname() }]]);
});
