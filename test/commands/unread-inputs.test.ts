import { expect, test } from 'vitest';
import { loadAllCommands } from '../../commands/index.ts';
import { plainName } from '../../src/step/given.ts';
import { readsFrom } from '../services/reads.ts';

const COMMANDS = await loadAllCommands();

test.each(Object.entries(COMMANDS))('%s: what it asks for is read by what it does', (id, { inputs }) => {
  const reads = readsFrom(`commands/${id.replaceAll(':', '/')}.ts`);
  expect(Object.keys(inputs).filter((name) => !reads.has(plainName(name)))).toEqual([]);
});

test('an input that nothing reads would be found', () => {
  const reads = readsFrom('commands/keypair/generate.ts');
  expect(reads.has('bits')).toBe(true);
  // Declared for other commands, and read by what they do.
  for (const name of ['docker-socket', 'spot-max-price', 'launcher-from']) expect(reads.has(name)).toBe(false);
});
