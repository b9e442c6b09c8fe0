import { expect, test } from 'vitest';
import { ask } from '../../src/step/ask.ts';
import { inputsOf, stepsOf } from '../../src/step/conversation.ts';
import type { Given } from '../../src/step/given.ts';
import { choice, type Inputs, inSection, onlyWhen, text } from '../../src/step/input.ts';
import { planSteps } from '../../src/step/run.ts';
import { step } from '../../src/step/step.ts';

const nothing: Given = { flags: {}, environment: {}, answersFile: {} };
const parse = (value: string) => value;
const inputs = inSection('pool', {
  name: text({ summary: 'Name', parse }),
  colour: choice({ summary: 'Colour', choices: [{ value: 'red' }, { value: 'blue' }] }),
}) satisfies Inputs;

test('what the folder says is read once its directory is known, and counts after an answers file', async () => {
  const dir = text({ summary: 'Directory', section: null, parse });
  const read: string[] = [];
  const readSaved = async (folder: string) => {
    read.push(folder);
    return { 'pool.name': ['saved'], 'pool.colour': ['red'] };
  };
  const given = { ...nothing, flags: { dir: ['here'] }, answersFile: { 'pool.colour': ['blue'] } };
  const { values, origins } = await ask({ ...inputs, dir }, given, { readSaved });
  expect(read).toEqual(['here']);
  expect(values).toMatchObject({ name: 'saved', colour: 'blue' });
  expect(origins).toMatchObject({ name: 'saved', colour: 'answers file' });
  const wrong = ask(
    { dir, ...inputs },
    { ...nothing, flags: { dir: ['here'] } },
    { readSaved: async () => ({ 'pool.name': ['a'], 'pool.colour': ['x'] }) },
  );
  await expect(wrong).rejects.toMatchObject({
    code: 'SPACECTL_BAD_ANSWERS',
    message: expect.stringContaining('spacectl.yaml: pool.colour: "x"'),
  });
});

test('two targets are asked for the same thing apart, and each sees its own answers', async () => {
  const made: unknown[] = [];
  const target = (section: string) =>
    step({
      id: section,
      section,
      title: section,
      inputs: {
        region: text({ summary: 'Region', parse }),
        zone: onlyWhen(({ region }: { region: string }) => region === 'b', text({ summary: 'Zone', parse })),
      },
      async plan({ region, zone }) {
        made.push([section, region, zone]);
        return { changes: [] };
      },
    });
  const parts = [{ step: target('aws') }, { step: target('gcp') }];
  const asked = inputsOf(parts);
  expect(Object.keys(asked)).toEqual(['aws/region', 'aws/zone', 'gcp/region', 'gcp/zone']);
  const answersFile = { 'aws.region': ['a'], 'gcp.region': ['b'], 'gcp.zone': ['z'] };
  const { values } = await ask(asked, { ...nothing, answersFile });
  await planSteps(stepsOf(parts, values), values, {
    signal: new AbortController().signal,
    force: false,
    runTasks: async (tasks) => {
      for (const each of tasks) await each.run(() => {});
    },
  });
  expect(made).toEqual([
    ['aws', 'a', undefined],
    ['gcp', 'b', 'z'],
  ]);
  // A flag is for both; it is refused only where none of them takes it.
  expect((await ask(asked, { ...nothing, flags: { region: ['b'], zone: ['y'] } })).values).toMatchObject({
    'aws/zone': 'y',
    'gcp/zone': 'y',
  });
  const ofOne = ask(asked, {
    ...nothing,
    flags: { zone: ['y'] },
    answersFile: { 'aws.region': ['a'], 'gcp.region': ['b'] },
  });
  expect((await ofOne).values).toMatchObject({ 'gcp/zone': 'y' });
  await expect(ask(asked, { ...nothing, flags: { region: ['a'], zone: ['y'] } })).rejects.toThrow(
    '--zone has no effect',
  );
  // What is missing twice is named once.
  await expect(ask(asked, nothing)).rejects.toMatchObject({ message: 'Missing --region' });
});
