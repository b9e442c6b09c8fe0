import { expect, test } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { ask, type Prompter } from '../../src/step/ask.ts';
import type { Given } from '../../src/step/given.ts';
import { type Input, type Inputs, optionalText } from '../../src/step/input.ts';

const parse = (text: string) => {
  if (/^\d+$/.test(text)) return Number(text);
  throw new UserError('SPACECTL_BAD_INPUT', `"${text}" is not a number`);
};

const inputs = { size: optionalText({ summary: 'Size', section: 'pool', parse }) } satisfies Inputs;
const given: Given = { flags: {}, environment: {}, answersFile: {}, saved: { 'pool.size': ['many'] } };

/** Answers 8, and keeps the questions as they were shown. */
function answering(shown: Input[]): Prompter {
  return {
    async ask(_name, input) {
      shown.push(input);
      return ['8'];
    },
  };
}

test('A value of spacectl.yaml that is not valid is asked for, with what is wrong with it', async () => {
  const shown: Input[] = [];
  const { values, origins } = await ask(inputs, given, { prompter: answering(shown) });
  expect([values, origins]).toEqual([{ size: 8 }, { size: 'prompt' }]);
  expect(shown.map(({ description }) => description)).toEqual(['spacectl.yaml: pool.size: "many" is not a number']);
});

test('Without anyone to ask it is an error, and so is a wrong flag, whatever spacectl.yaml says', async () => {
  await expect(ask(inputs, given)).rejects.toMatchObject({ code: 'SPACECTL_BAD_ANSWERS' });
  const flagged = { ...given, flags: { size: ['few'] } };
  await expect(ask(inputs, flagged, { prompter: answering([]) })).rejects.toThrow('--size: "few" is not a number');
});
