import { afterEach, expect, test, vi } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { ask, type Prompter } from '../../src/step/ask.ts';
import { type Choice, type Input, type Inputs, type Listing, list, optionalText } from '../../src/step/input.ts';
import { warningsAbout } from '../../src/step/listed-answers.ts';
import { lookUpFor, warningAbout } from '../../src/step/look-up.ts';

const parse = (value: string) => value;
const listing = (more: Partial<Listing> = {}): Listing => ({
  choices: [{ value: 'eu-west-1' }, { value: 'us-east-1' }],
  ...more,
});

afterEach(() => vi.useRealTimers());

test.each<readonly [readonly string[], Partial<Listing>, string | undefined]>([
  [['eu-west-1'], {}, undefined],
  [['eu-wets-1'], {}, 'region: your account does not list eu-wets-1; did you mean eu-west-1?'],
  [['mars'], { owner: 'AWS' }, 'region: AWS does not list mars'],
  [['mars', 'eu-west-1', 'venus'], {}, 'region: your account does not list mars and venus'],
  [['mars'], { choices: [] }, undefined],
  [['EU-WEST-1'], { lists: (text) => text.toLowerCase() === 'eu-west-1' }, undefined],
  [['eu-west-1'], { warn: ([one]) => `${one} is full` }, 'region: eu-west-1 is full'],
])('Of the answers %j with %j the warning is %s', (texts, more, warning) => {
  expect(warningAbout('aws/region', texts, listing(more))).toBe(warning);
});

test('The same is asked once a minute, and again when an answer that it reads has changed', async () => {
  vi.useFakeTimers({ toFake: ['Date'] });
  const asked: unknown[] = [];
  const lookUp = async ({ region, subnets }: { region: string; subnets: readonly string[] }) => {
    asked.push([region, subnets]);
    return [{ value: region }];
  };
  const look = (region: string, subnets: readonly string[], other = 0) =>
    lookUpFor(lookUp as never, { region, subnets, other } as never);
  expect(await look('a', ['x'])).toEqual({ listing: { choices: [{ value: 'a' }] } });
  await look('a', ['x'], 1);
  expect(asked).toHaveLength(1);
  await look('b', ['x']);
  await look('a', ['x', 'y']);
  await look('a', ['x']);
  expect(asked).toHaveLength(3);
  vi.advanceTimersByTime(61_000);
  await look('a', ['x']);
  expect(asked).toHaveLength(4);
});

test('Why a service cannot be asked is remembered too, so that it is not waited for at each question', async () => {
  let asked = 0;
  const lookUp = async (): Promise<readonly Choice[]> => {
    asked++;
    throw new UserError('SPACECTL_UNREACHABLE', 'EC2 is silent');
  };
  for (let round = 0; round < 3; round++)
    expect(await lookUpFor(lookUp, {} as never)).toEqual({ problem: 'EC2 is silent' });
  expect(asked).toBe(1);
});

const region = (lookUp: NonNullable<Input['lookUp']>) =>
  optionalText({ summary: 'Region', asked: true, parse, lookUp });

test('A question starts with what a service suggests, and shows what it says of its list', async () => {
  const shown: unknown[] = [];
  const prompter: Prompter = {
    async ask(_name, { description, choices }, initial) {
      shown.push({ description, choices: choices?.length, initial });
      return initial;
    },
  };
  const input = region(async () => listing({ suggested: 'us-east-1', note: 'Not asked.' }));
  const { values } = await ask(
    { region: input } as Inputs,
    { flags: {}, environment: {}, answersFile: {} },
    { prompter },
  );
  expect(values).toEqual({ region: 'us-east-1' });
  expect(shown).toEqual([{ description: 'Not asked.', choices: 2, initial: ['us-east-1'] }]);
});

test('All answers that were given are compared with the lists, whatever the source; no one is asked without a prompt', async () => {
  let asked = 0;
  const lookUp = async () => {
    asked++;
    return listing();
  };
  const silent = async (): Promise<never> => {
    throw new UserError('SPACECTL_UNREACHABLE', 'silent');
  };
  const inputs = {
    region: region(lookUp),
    zone: region(silent),
    subnet: list({
      summary: 'Subnet',
      parse,
      lookUp: async ({ region: of }: { region: string }) => [{ value: `${of}/a` }],
    }),
    network: { ...region(lookUp), optional: false, default: ['default'] },
    empty: region(lookUp),
  } as Inputs;
  const given = { flags: { region: ['mars'], zone: ['x'], subnet: ['mars/a', 'b'] }, environment: {}, answersFile: {} };
  const answered = await ask(inputs, given);
  expect(asked).toBe(0);
  expect(await warningsAbout(inputs, answered)).toEqual([
    'region: your account does not list mars',
    'subnet: your account does not list b',
  ]);
});
