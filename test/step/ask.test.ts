import { expect, test } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { ask, type Prompter } from '../../src/step/ask.ts';
import type { Given } from '../../src/step/given.ts';
import { choice, type Inputs, inSection, list, onlyWhen, optionalText, text, yesNo } from '../../src/step/input.ts';
import { scripted } from '../services/prompter.ts';

const nothing: Given = { flags: {}, environment: {}, answersFile: {} };
const parse = (value: string) => value;

const inputs = inSection('pool', {
  name: text({ summary: 'Name', parse }),
  size: text({ summary: 'Size', default: '4', parse: Number }),
  colour: choice({ summary: 'Colour', choices: [{ value: 'red' }, { value: 'blue' }] }),
  note: optionalText({ summary: 'Note', parse }),
}) satisfies Inputs;

test('a flag counts before the environment, the environment before the answers file, and that before the default', async () => {
  const given: Given = {
    flags: { name: ['flag'] },
    environment: { SPACECTL_NAME: 'environment', SPACECTL_COLOUR: 'red' },
    answersFile: { 'pool.name': ['file'], 'pool.colour': ['blue'], 'pool.size': ['8'] },
  };
  const { values, origins } = await ask(inputs, given);
  expect(values).toEqual({ name: 'flag', colour: 'red', size: 8, note: undefined });
  expect(origins).toEqual({ name: 'flag', colour: 'environment', size: 'answers file' });
});

test('without anyone to ask, all that is missing is named at once', async () => {
  const error = await ask(inputs, nothing).catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'SPACECTL_MISSING_INPUT', message: 'Missing --name, --colour', exitCode: 2 });
});

test('only what was not given is asked, and defaults are offered', async () => {
  const seen: string[] = [];
  const prompter = scripted({ name: ['typed'], colour: ['blue'] }, seen);
  const { values, origins } = await ask(
    inputs,
    { ...nothing, environment: { SPACECTL_COLOUR: 'red' } },
    { prompter, offersDefaults: true },
  );
  expect(seen).toEqual(['name', 'size']);
  expect(values).toMatchObject({ name: 'typed', size: 4, colour: 'red' });
  expect(origins).toMatchObject({ name: 'prompt', size: 'prompt', colour: 'environment' });
});

test('an empty environment variable counts as not given', async () => {
  const given = { ...nothing, environment: { SPACECTL_NAME: 'n', SPACECTL_COLOUR: 'red', SPACECTL_SIZE: '' } };
  expect((await ask(inputs, given)).values['size']).toBe(4);
});

test('a list is one line an item in the environment', async () => {
  const lists = { ca: list({ summary: 'CA', parse }) };
  const { values } = await ask(lists, { ...nothing, environment: { SPACECTL_CA: 'a,b.pem\nc.pem\n' } });
  expect(values).toEqual({ ca: ['a,b.pem', 'c.pem'] });
});

test('a required list that is empty is missing', async () => {
  const lists = { ca: list({ summary: 'CA', required: true, parse }) };
  await expect(ask(lists, nothing)).rejects.toThrow('Missing --ca');
});

test('an optional list that is left empty at the prompt is an empty list', async () => {
  const lists = { ca: list({ summary: 'CA', asked: true, parse }) };
  expect((await ask(lists, nothing, { prompter: scripted({ ca: [] }) })).values).toEqual({ ca: [] });
});

const isOnline = ({ offline }: { offline: boolean }) => !offline;
const conditional = {
  offline: yesNo({ summary: 'Offline' }),
  image: onlyWhen(isOnline, text({ summary: 'Image', parse })),
  pull: onlyWhen(isOnline, yesNo({ summary: 'Pull' })),
};

test('an input whose condition fails is neither asked nor missing nor read', async () => {
  const given = { ...nothing, flags: { offline: ['true'] }, environment: { SPACECTL_IMAGE: 'x' } };
  expect((await ask(conditional, given)).values).toEqual({ offline: true });
});

test('a flag whose condition fails is refused, but not one that says what is so anyway', async () => {
  const refused = ask(conditional, { ...nothing, flags: { offline: ['true'], image: ['x'] } });
  await expect(refused).rejects.toMatchObject({
    code: 'SPACECTL_BAD_INPUT',
    message: '--image has no effect with --offline',
  });
  const given = { ...nothing, flags: { offline: ['true'], pull: ['false'] } };
  expect((await ask(conditional, given)).values).toEqual({ offline: true });
});

test('where the answer that a flag goes with is missing, that is what is said', async () => {
  const parted = {
    kind: text({ summary: 'Kind', parse }),
    more: onlyWhen(({ kind }: { kind: string }) => kind === 'odd', inputs.note),
  };
  const refused = ask(parted, { ...nothing, flags: { more: ['x'] } });
  await expect(refused).rejects.toMatchObject({ code: 'SPACECTL_MISSING_INPUT', message: 'Missing --kind' });
});

test('a condition is told whether its flag was given', async () => {
  const key = { key: onlyWhen((_, isGiven) => isGiven, text({ summary: 'Key', parse })) };
  expect((await ask(key, nothing)).values).toEqual({});
  expect((await ask(key, { ...nothing, flags: { key: ['k'] } })).values).toEqual({ key: 'k' });
});

test('a variable of its own changes no key, and a bare argument has neither', async () => {
  const named = {
    output: optionalText({ summary: 'File', section: 'launcher', variable: 'launcher-output', parse }),
    image: optionalText({ summary: 'Image', positional: true, parse }),
  };
  const environment = { SPACECTL_OUTPUT: 'bundle', SPACECTL_LAUNCHER_OUTPUT: 'launcher', SPACECTL_IMAGE: 'other' };
  const answersFile = { 'launcher.image': ['other'], 'launcher.output': ['filed'] };
  expect((await ask(named, { ...nothing, environment, answersFile })).values).toEqual({ output: 'launcher' });
  expect((await ask(named, { ...nothing, answersFile })).values).toEqual({ output: 'filed' });
});

test('what has a default is asked by the wizard, and by others only where it says so', async () => {
  const defaulted = {
    size: inputs.size,
    method: choice({ summary: 'Method', choices: [{ value: 'a' }], default: 'a', askedDespiteDefault: true }),
    hosts: list({ summary: 'Hosts', asked: true, parse }),
  };
  const [alone, wizard]: [string[], string[]] = [[], []];
  await ask(defaulted, nothing, { prompter: scripted({}, alone) });
  await ask(defaulted, nothing, { prompter: scripted({}, wizard), offersDefaults: true });
  expect(alone).toEqual(['method', 'hosts']);
  expect(wizard).toEqual(['size', 'method', 'hosts']);
});

test('an input that reads one declared after it is a bug, and says so', async () => {
  const early = text({ summary: 'Early', default: ({ size }: { size: number }) => String(size), parse });
  await expect(ask({ early, size: inputs.size }, nothing)).rejects.toThrow('"size", which is declared after it');
});

test('what depends on something missing is not missing as well, and its flag not refused', async () => {
  const parted = { name: inputs.name, more: onlyWhen(({ name }: { name: string }) => name !== '', inputs.name) };
  await expect(ask(parted, nothing)).rejects.toMatchObject({ message: 'Missing --name' });
  // Neither is what depends on that in turn.
  const chained = {
    ...parted,
    most: text({ summary: 'Most', default: ({ more }: { more: string }) => `${more.length}`, parse }),
  };
  await expect(ask(chained, nothing)).rejects.toMatchObject({ message: 'Missing --name' });
});

test('each value of a list that is typed is parsed once, and what failed again', async () => {
  const parsed: string[] = [];
  const files = new Set(['a', 'b']);
  const ca = list({
    summary: 'CA',
    required: true,
    parse(name) {
      parsed.push(name);
      if (files.has(name)) return name.toUpperCase();
      throw new UserError('SPACECTL_BAD_INPUT', 'There is no such file');
    },
    remark: (name: string) => `read ${name}`,
  });
  const remarks: (string | undefined)[] = [];
  const prompter: Prompter = {
    async ask(_name, _input, _initial, check, remark) {
      const texts: string[] = [];
      for (const text of ['a', 'b', 'c', 'a']) {
        if ((await check([...texts, text])) !== true) files.add(text);
        expect(await check([...texts, text])).toBe(true);
        texts.push(text);
        remarks.push(await remark([text]));
      }
      return texts;
    },
  };
  const { values } = await ask({ ca }, nothing, { prompter });
  expect(values).toEqual({ ca: ['A', 'B', 'C', 'A'] });
  expect(remarks).toEqual(['read A', 'read B', 'read C', 'read A']);
  expect(parsed).toEqual(['a', 'b', 'c', 'c']);
});

test.each(['1', 'true', 'yes'])('%s is yes in the environment', async (word) => {
  const flags = { offline: yesNo({ summary: 'Offline' }) };
  expect((await ask(flags, { ...nothing, environment: { SPACECTL_OFFLINE: word } })).values).toEqual({ offline: true });
});

test('a value that is not valid is refused with the name it was given by', async () => {
  const given = { ...nothing, environment: { SPACECTL_NAME: 'n', SPACECTL_COLOUR: 'green' } };
  await expect(ask(inputs, given)).rejects.toThrow('SPACECTL_COLOUR: "green" is not one of red, blue');
});

test('a variable of Spacelift’s CLI for the same thing counts where ours is not set', async () => {
  const named = { name: text({ summary: 'Name', parse, otherVariables: ['THEIR_NAME'] }) };
  const values = async (environment: Given['environment']) => (await ask(named, { ...nothing, environment })).values;
  expect(await values({ THEIR_NAME: 'theirs' })).toEqual({ name: 'theirs' });
  expect(await values({ THEIR_NAME: 'theirs', SPACECTL_NAME: 'ours' })).toEqual({ name: 'ours' });
});

test('what an input refuses is told at the prompt in its own words', async () => {
  const strict = {
    name: text({
      summary: 'Name',
      parse: (value: string) => {
        throw new UserError('SPACECTL_BAD_INPUT', `${value} will not do`);
      },
    }),
  };
  let said: string | true = true;
  const prompter: Prompter = {
    async ask(_name, _input, _initial, check) {
      said = await check(['x']);
      throw new Error('enough');
    },
  };
  await expect(ask(strict, nothing, { prompter })).rejects.toThrow('enough');
  expect(said).toBe('x will not do');
});
