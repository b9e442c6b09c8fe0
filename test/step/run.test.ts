import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { known } from '../../src/step/content.ts';
import type { Planner } from '../../src/step/plan.ts';
import { applyPlans, planSteps, type RunTasks } from '../../src/step/run.ts';
import { step } from '../../src/step/step.ts';
import { temporaryFolder } from '../services/temporary.ts';

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

test('an action that needs --force is refused without it, with its reason', async () => {
  const done: string[] = [];
  const refusal = new UserError('SPACECTL_WOULD_OVERWRITE', 'Somebody else uses it');
  const risky = step({
    id: 'risky',
    title: 'risky',
    canForce: true,
    inputs: {},
    plan: async (_, planner) => ({
      changes: [
        planner.action({ title: 'Act', run: async () => void done.push('safe') }),
        planner.action({ title: 'Act', refusal, run: async () => void done.push('risky') }),
      ],
    }),
  });
  await expect(planSteps([risky], {}, options)).rejects.toBe(refusal);
  expect(done).toEqual([]);
  const forced = { ...options, force: true };
  await applyPlans(await planSteps([risky], {}, forced), forced);
  expect(done).toEqual(['safe', 'risky']);
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

/** Plans one file, changes it by `meanwhile` before the plan is carried out, and says what became of it. */
async function changedMeanwhile(wanted: string, meanwhile: string, replace?: 'never') {
  const file = path.join(await temporaryFolder(), 'spacelift.key');
  await writeFile(file, 'old', { mode: 0o644 });
  const writes = step({
    id: 'writes',
    title: 'writes',
    inputs: {},
    plan: async (_, planner) => ({
      changes: [await planner.file({ path: file, content: known(wanted), mode: 0o600, ...(replace && { replace }) })],
    }),
  });
  const plans = await planSteps([writes], {}, options);
  await writeFile(file, meanwhile);
  const outcome = await applyPlans(plans, options).then(
    () => undefined,
    (error: unknown) => error,
  );
  return { outcome, bytes: await readFile(file, 'utf8'), mode: (await stat(file)).mode & 0o777 };
}

const changedSince = { code: 'SPACECTL_WOULD_OVERWRITE', message: expect.stringContaining('changed since the plan') };

test('a key that was replaced while the plan waited is not put back by a change of its mode', async () => {
  const { outcome, bytes } = await changedMeanwhile('old', 'rotated', 'never');
  expect(outcome).toMatchObject(changedSince);
  expect(bytes).toBe('rotated');
});

test('a change of the mode keeps the file itself', async () => {
  const file = path.join(await temporaryFolder(), 'spacelift.key');
  await writeFile(file, 'old', { mode: 0o644 });
  const { ino } = await stat(file);
  const wanted = { path: file, content: known('old'), mode: 0o600, replace: 'never' } as const;
  const plan = async (_: unknown, planner: Planner) => ({ changes: [await planner.file(wanted)] });
  await applyPlans(await planSteps([step({ id: 'mode', title: 'mode', inputs: {}, plan })], {}, options), options);
  const after = await stat(file);
  expect(after.mode & 0o777).toBe(0o600);
  expect(after.ino).toBe(ino);
});

test('a file that changed while the plan waited is not overwritten', async () => {
  const { outcome, bytes } = await changedMeanwhile('new', 'by another hand');
  expect(outcome).toMatchObject(changedSince);
  expect(bytes).toBe('by another hand');
});

test('a file that another process made as it is wanted meanwhile is fine', async () => {
  expect(await changedMeanwhile('new', 'new')).toEqual({ outcome: undefined, bytes: 'new', mode: 0o600 });
});

test('what comes to light while a plan is applied is returned, and the plan stays as it was', async () => {
  const act = step({
    id: 'act',
    title: 'act',
    inputs: {},
    plan: async (_, planner) => ({
      changes: [
        planner.action({ title: 'First', run: async () => ({ notes: ['made'], facts: { id: 7 } }) }),
        planner.action({ title: 'Second', run: async () => ({ warnings: ['slow'] }) }),
        planner.action({ title: 'Third', run: async () => {} }),
      ],
      notes: ['planned'],
      facts: { name: 'x' },
    }),
  });
  const plans = await planSteps([act], {}, options);
  const applied = await applyPlans(plans, options);
  expect(applied[0]?.plan).toMatchObject({
    notes: ['planned', 'made'],
    warnings: ['slow'],
    facts: { name: 'x', id: 7 },
  });
  expect(plans[0]?.plan).toMatchObject({ notes: ['planned'], facts: { name: 'x' } });
});
