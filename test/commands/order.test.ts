import path from 'node:path';
import { expect, test } from 'vitest';
import { loadAllCommands } from '../../commands/index.ts';
import { UserError } from '../../src/core/errors.ts';
import { ask, type Prompter } from '../../src/step/ask.ts';
import { plainName } from '../../src/step/given.ts';
import { temporaryFolder } from '../services/temporary.ts';

const COMMANDS = await loadAllCommands();

/** Answers that switch on as much as there is, each taken only by the inputs that it suits. */
const ANSWERS: Readonly<Record<string, readonly string[]>> = {
  ca: [path.resolve('docs/example-ca.pem')],
  cloud: ['aws'],
  env: ['A=b'],
  offline: ['false'],
  pool: ['existing'],
  'pool-id': ['01HCC6QZ932J7WDF4FTVM9QMEP'],
  rolling: ['true'],
  spot: ['true'],
  target: ['systemd', 'cloud-init', 'terraform-aws', 'terraform-azure', 'terraform-gcp', 'ecs', 'ansible', 'docker'],
};

test.each(Object.entries(COMMANDS))('%s: inputs read only what is declared before them', async (_id, { inputs }) => {
  const dir = await temporaryFolder();
  const asked: string[] = [];
  const prompter: Prompter = {
    async ask(name, input, initial, check) {
      asked.push(name);
      const suited = name === 'dir' ? [dir] : (ANSWERS[plainName(name)] ?? initial);
      return input.kind !== 'secret' && (await check(suited)) === true ? suited : [];
    },
  };
  const given = { flags: {}, environment: { SPACELIFT_CONFIG_DIR: dir }, answersFile: {} };
  const everyInput = Object.fromEntries(
    Object.entries(inputs).map(([name, input]) => [name, { ...input, asked: true }]),
  );
  // What every input would be asked with, and whether it is asked.
  for (const each of [inputs, everyInput]) {
    const failure = await ask(each, given, { prompter, offersDefaults: true }).catch((error: unknown) => error);
    if (failure instanceof Error && !(failure instanceof UserError)) throw failure;
  }
  expect(asked.length).toBeGreaterThanOrEqual(Math.min(1, Object.keys(inputs).length));
});
