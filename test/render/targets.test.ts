import { expect, test } from 'vitest';
import { COMMANDS } from '../../commands/oclif/command-map.ts';
import { TARGETS, type Target } from '../../src/render/index.ts';
import { planPool, planStep, renderStep } from '../services/render.ts';

const targets = Object.entries<Target>(TARGETS);

test.each(targets)('%s writes what the table of targets says', async (_, { step, writes }) => {
  const pool = planPool();
  const names = Object.keys(await renderStep(step, pool, []));
  expect(names.map((name) => name.split('/')[0])).toContain(writes);
});

test.each(targets)('%s has the command that the table of targets says', (_, { command }) => {
  expect(Object.keys(COMMANDS)).toContain(command.split(' --')[0]?.replace(' ', ':'));
});

test.each(targets)('%s refuses a folder that does not exist', async (_, { step }) => {
  const nowhere = { dir: planPool().dir, planned: [] };
  await expect(planStep(step, nowhere, [])).rejects.toThrow(`--dir: ${nowhere.dir} does not exist`);
});
