import { expect, test } from 'vitest';
import { COMMANDS } from '../../commands/oclif/command-map.ts';
import { TARGETS, type Target } from '../../src/render/index.ts';
import { planPool, renderStep } from '../services/render.ts';

const targets = Object.entries<Target>(TARGETS);

test.each(targets)('%s writes what the table of targets says', async (_, { step, writes }) => {
  const pool = planPool();
  const names = Object.keys(await renderStep(step, pool, []));
  expect(names.map((name) => name.split('/')[0])).toContain(writes);
});

test.each(targets)('%s has the command that the table of targets says', (_, { command }) => {
  expect(Object.keys(COMMANDS)).toContain(command.split(' --')[0]?.replace(' ', ':'));
});
