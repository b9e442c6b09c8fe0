import { existsSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { expectDocumented } from '../services/documented.ts';
import { makeEcsPool } from '../services/ecs-pool.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { converse, QUESTIONS, wizardWith } from '../services/wizard.ts';

testWith('terraform')(
  'the plan that was shown is applied, a worker is waited for, and a second run changes nothing',
  async () => {
    const { deploy, changes, left, stored, spacelift, folder } = await makeEcsPool();
    const asked = await deploy([]);
    expect(asked).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('Missing --yes') });
    expect(asked.stderr).toContain('resource "aws_ecs_service" "workers"');
    const dry = await deploy(['--dry-run', '--json']);
    expect(dry.exitCode, String(dry.stderr)).toBe(0);
    expectDocumented('deploy', dry.stdout);
    expect(JSON.parse(String(dry.stdout)).facts['deploy-ecs'].plan).toContain('Plan: ');
    expect(await changes()).toBe(0);

    spacelift.addWorker(stored);
    const done = await deploy(['--yes', '--wait', '1']);
    expect(done.exitCode, String(done.stderr)).toBe(0);
    expect(done.stdout).toContain('Apply complete!');
    expect(done.stdout).toContain('fleet has 1 worker');
    expect(done.stdout).toContain('terraform.tfstate: keep it');
    const made = await changes();
    expect(made).toBeGreaterThan(5);
    const again = await deploy(['--wait', '1', '--json']);
    expect(again.exitCode, String(again.stderr)).toBe(0);
    expect(JSON.parse(String(again.stdout)).changes[0]).toMatchObject({ step: 'deploy-ecs', status: 'unchanged' });
    expect(await changes()).toBe(made);
    expect(await left()).toEqual([]);
    // The way back is Terraform's own.
    expect(existsSync(path.join(folder, 'terraform.tfstate'))).toBe(true);
  },
);

testWith('terraform')('what the cloud refuses is said, and the next run goes on', async () => {
  const { deploy, changes, stored, spacelift } = await makeEcsPool();
  spacelift.addWorker(stored);
  const refused = await deploy(['--yes'], { PROVIDER_FAIL: 'aws_ecs_service' });
  expect(refused).toMatchObject({ exitCode: 69, stderr: expect.stringContaining('aws_ecs_service was refused') });
  const made = await changes();
  expect(made).toBeGreaterThan(3);
  const done = await deploy(['--yes', '--wait', '1']);
  expect(done.exitCode, String(done.stderr)).toBe(0);
  expect(done.stderr).toContain('Plan: 1 to add, 0 to change, 0 to destroy');
});

testWith('terraform')('in CI, state in a file is refused before anything is planned', async () => {
  const { deploy, changes } = await makeEcsPool();
  const refused = await deploy(['--yes'], { CI: 'true' });
  expect(refused).toMatchObject({ exitCode: 2, stderr: expect.stringContaining('keeps its state in a file') });
  expect(await changes()).toBe(0);
});

testWith('terraform')('a missing value is said in the words of Terraform', async () => {
  const { deploy, folder } = await makeEcsPool();
  await writeFile(path.join(folder, 'terraform.tfvars'), '');
  const run = await deploy(['--yes']);
  expect(run).toMatchObject({ exitCode: 69, stderr: expect.stringContaining('No value for required variable') });
});

testWith('terraform')('a run that is stopped waits for Terraform, and its state is whole', async () => {
  const { dir, env, deploy, left, stored, spacelift, changes } = await makeEcsPool();
  spacelift.addWorker(stored);
  const stopped = spacectl(['deploy', dir, '--yes'], { env, all: true });
  await new Promise<void>((resolve) => {
    stopped.stderr?.on('data', (chunk: Buffer) => String(chunk).includes('Creation complete') && resolve());
  });
  stopped.kill('SIGINT');
  const ended = await stopped;
  expect(ended, String(ended.all)).toMatchObject({ exitCode: 130 });
  const made = await changes();
  const done = await deploy(['--yes', '--wait', '1']);
  expect(done.exitCode, String(done.stderr)).toBe(0);
  // Nothing that was made is made again.
  expect(done.stderr).not.toContain('already exists');
  expect(await changes()).toBeGreaterThanOrEqual(made);
  expect(await left()).toEqual([]);
});

testWith('terraform', 'tmux')('the wizard goes on to deploy after its review, and asks before it does', async () => {
  const { dir, env, changes, stored, spacelift } = await makeEcsPool();
  spacelift.addWorker(stored);
  const open = async () => {
    const terminal = await wizardWith({ ...env, CI: '' }, path.dirname(dir), dir);
    await converse(terminal, [['ca', '']]);
    expect(await terminal.waitFor(QUESTIONS.review)).toContain('Enter finishes: nothing is to be changed · d deploys');
    await terminal.press('d');
    await terminal.waitFor('Do this now?');
    return terminal;
  };
  const first = await open();
  expect(await first.screen()).toContain('resource "aws_ecs_service" "workers"');
  await first.press('Enter');
  expect(await first.ended()).toBe(0);
  expect(await first.screen()).toMatch(/Nothing was changed.*spacectl deploy /s);
  expect(await changes()).toBe(0);

  const second = await open();
  await second.press('y', 'Enter');
  await second.waitFor('fleet has 1 worker');
  expect(await second.ended()).toBe(0);
  expect(await changes()).toBeGreaterThan(5);
});
