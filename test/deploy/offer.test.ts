import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { canDeploy, canDeployAfter } from '../../src/deploy/index.ts';
import type { Answered } from '../../src/step/ask.ts';
import type { StepPlan } from '../../src/step/run.ts';
import { temporaryFolder } from '../services/temporary.ts';

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

const VAULT = { 'ansible/vault-password': 'correct horse' };

test.each([
  ['this machine, as root', { target: ['systemd'] }, { user: 0 }, true],
  ['this machine, as another user', { target: ['systemd'] }, { user: 1000 }, false],
  ['Ansible with the vault password', { target: ['ansible'], ...VAULT }, {}, true],
  ['Ansible without it', { target: ['ansible'] }, {}, false],
  ['a host that is still to be named', { target: ['ansible'], ...VAULT }, { open: ['ansible/host'] }, false],
  ['a cloud', { target: ['ecs'] }, {}, true],
  ['a region that is still to be set', { target: ['ecs'] }, { open: ['ecs/region'] }, false],
  ['a region in terraform.tfvars', { target: ['ecs'] }, { open: ['ecs/region'], file: 'ecs/terraform.tfvars' }, true],
  ['a cloud without Terraform', { target: ['ecs'] }, { programs: [] }, false],
  ['user data, which a person passes on', { target: ['cloud-init'] }, {}, false],
  ['a cloud and user data', { target: ['ecs', 'cloud-init'] }, {}, true],
  ['a cloud and this machine, as another user', { target: ['ecs', 'systemd'] }, { user: 1000 }, false],
  ['hosts without a token', { target: ['ansible'], ...VAULT, pool: 'token' }, { hasToken: false }, false],
  ['a configuration that creates the pool', { target: ['ecs'], pool: 'token' }, { hasToken: false }, true],
  ['a token that the plan saves', { target: ['ansible'], ...VAULT }, { hasToken: false, plansToken: true }, true],
] as const)('whether the wizard offers to deploy: %s', async (_, values, given, isOffered) => {
  const {
    programs = ['terraform', 'ansible-playbook'],
    open = [],
    hasToken = true,
    ...more
  } = given as {
    readonly programs?: readonly string[];
    readonly open?: readonly string[];
    readonly hasToken?: boolean;
    readonly plansToken?: boolean;
    readonly user?: number;
    readonly file?: string;
  };
  const dir = await temporaryFolder();
  const bin = path.join(dir, 'bin');
  await mkdir(bin);
  for (const name of programs) await writeFile(path.join(bin, name), '');
  vi.stubEnv('PATH', bin);
  vi.spyOn(process, 'getuid').mockReturnValue(more.user ?? 1000);
  const token = path.join(dir, 'worker-pool.config');
  if (hasToken) await writeFile(token, 'token');
  if (more.file !== undefined) {
    await mkdir(path.dirname(path.join(dir, more.file)));
    await writeFile(path.join(dir, more.file), '');
  }
  const plans = more.plansToken ? [{ plan: { changes: [{ kind: 'file', path: token }] } }] : [];
  const answered = { values: { dir, ...values } } as unknown as Answered;
  expect(canDeployAfter(answered, plans as unknown as readonly StepPlan[], open)).toBe(isOffered);
});

test('the command is printed for a directory with a token, or with a configuration that creates the pool', async () => {
  const dir = await temporaryFolder();
  expect(await canDeploy(dir)).toBe(false);
  await mkdir(path.join(dir, 'ecs'));
  expect(await canDeploy(dir)).toBe(false);
  await writeFile(path.join(dir, 'ecs/main.tf'), 'resource "spacelift_worker_pool" "workers" {\n}\n');
  expect(await canDeploy(dir)).toBe(true);
  await mkdir(path.join(dir, 'systemd'));
  expect(await canDeploy(dir)).toBe(false);
  await writeFile(path.join(dir, 'worker-pool.config'), 'token');
  expect(await canDeploy(dir)).toBe(true);
});
