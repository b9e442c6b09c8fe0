import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { known } from '../../src/step/content.ts';
import { UserError } from '../../src/step/errors.ts';
import { applyPlans, planSteps, type RunTasks } from '../../src/step/run.ts';
import { step } from '../../src/step/step.ts';

const runTasks: RunTasks = async (tasks) => {
  for (const task of tasks) await task.run(() => {});
};
const options = { signal: new AbortController().signal, force: false, runTasks };

test('files and actions are made in the order of the plan, what is done already is left alone', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'spacectl-test-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = path.join(folder, 'journal');
  const seen: string[] = [];
  const one = step({
    id: 'one',
    title: 'one',
    inputs: {},
    plan: async (_, planner) => ({
      changes: [
        planner.action({
          title: 'Look before',
          run: async () => void seen.push(await readFile(file, 'utf8').catch(() => 'nothing')),
        }),
        await planner.file({ path: file, content: known('written') }),
        planner.action({ title: 'Look after', run: async () => void seen.push(await readFile(file, 'utf8')) }),
        planner.action({ title: 'Done', status: 'unchanged', run: async () => void seen.push('never') }),
      ],
    }),
  });
  await applyPlans(await planSteps([one], {}, options), options);
  expect(seen).toEqual(['nothing', 'written']);
});

test('a refusal in a later step keeps everything from being touched', async () => {
  const done: string[] = [];
  const acts = step({
    id: 'acts',
    title: 'acts',
    inputs: {},
    plan: async (_, planner) => ({
      changes: [planner.action({ title: 'Act', run: async () => void done.push('Act') })],
    }),
  });
  const refuses = step({
    id: 'refuses',
    title: 'refuses',
    inputs: {},
    plan: async (_, planner) => ({
      changes: [await planner.file({ path: '/etc/hostname', content: known('other'), replace: 'never' })],
    }),
  });
  await expect(planSteps([acts, refuses], {}, options)).rejects.toThrow(UserError);
  expect(done).toEqual([]);
});
