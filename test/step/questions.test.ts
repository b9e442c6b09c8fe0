import { expect, test } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { ask, type Prompter } from '../../src/step/ask.ts';
import { Undecided } from '../../src/step/earlier.ts';
import type { Given } from '../../src/step/given.ts';
import { choice, type Input, type Inputs, list, optionalText, secret, text } from '../../src/step/input.ts';

const nothing: Given = { flags: {}, environment: {}, answersFile: {} };
const parse = (value: string) => value;

interface Shown {
  readonly input: Input;
  readonly initial: readonly string[];
  /** What the check says of each answer that is tried. */
  readonly said: readonly (string | true)[];
  readonly remarks: readonly (string | undefined)[];
}

/** Notes what is shown, and tries answers of which the last one is given. */
function watching(...tried: readonly string[]) {
  const shown: Record<string, Shown> = {};
  const prompter: Prompter = {
    async ask(name, input, initial, check, remark) {
      const said: (string | true)[] = [];
      const remarks: (string | undefined)[] = [];
      for (const each of tried) {
        said.push(await check([each]));
        if (said.at(-1) === true) remarks.push(await remark([each]));
      }
      shown[name] = { input, initial, said, remarks };
      return tried.slice(-1);
    },
  };
  return { shown, prompter };
}

const base = text({ summary: 'Pool', description: 'Of a worker.', parse }) as Input;
/** Asks for one input. */
async function askFor(input: Input, ...tried: readonly string[]) {
  const { shown, prompter } = watching(...tried);
  const answered = await ask({ pool: input } as Inputs, nothing, { prompter, offersDefaults: true });
  return { ...(shown['pool'] as Shown), answered };
}

test('Above a question is its hint, or else its description', async () => {
  expect((await askFor(base, 'a')).input.description).toBe('Of a worker.');
  expect((await askFor({ ...base, hint: () => 'Look here.' }, 'a')).input.description).toBe('Look here.');
  expect((await askFor({ ...base, hint: () => undefined }, 'a')).input.description).toBe('Of a worker.');
  const { description: _, ...bare } = base;
  expect((await askFor(bare, 'a')).input).not.toHaveProperty('description');
});

test('A question starts with what is suggested, or else with the default', async () => {
  expect((await askFor({ ...base, default: ['d'], suggested: ['s'] }, 'a')).initial).toEqual(['s']);
  expect((await askFor({ ...base, default: ['d'] }, 'a')).initial).toEqual(['d']);
  expect((await askFor({ ...base, default: () => ['f'] }, 'a')).initial).toEqual(['f']);
  expect((await askFor({ ...base, default: () => undefined }, 'a')).initial).toEqual([]);
  expect((await askFor(base, 'a')).initial).toEqual([]);
});

test('A question offers what the account has, and the account has five seconds to say it', async () => {
  let isAborted: boolean | undefined;
  const lookUp = async (_: never, signal: AbortSignal) => {
    isAborted = signal.aborted;
    return [{ value: 'build' }];
  };
  const { input, answered } = await askFor({ ...base, lookUp }, 'other');
  expect(input.choices).toEqual([{ value: 'build' }]);
  expect(isAborted).toBe(false);
  expect(answered.values).toEqual({ pool: 'other' });
});

test('If the account cannot be asked, the question says why, and takes what is typed', async () => {
  const lookUp = async (): Promise<never> => {
    throw new UserError('SPACECTL_UNREACHABLE', 'acme.app.spacelift.io does not answer');
  };
  const { input, answered } = await askFor({ ...base, lookUp, choices: [{ value: 'usual' }] }, 'typed');
  expect(input.description).toBe('Of a worker.\nacme.app.spacelift.io does not answer. Type the value instead.');
  expect(input.choices).toEqual([{ value: 'usual' }]);
  expect(answered.values).toEqual({ pool: 'typed' });
  const bug = async (): Promise<never> => {
    throw new TypeError('a bug');
  };
  await expect(askFor({ ...base, lookUp: bug }, 'typed')).rejects.toThrow(new TypeError('a bug'));
});

test('An answer is tried out, and what is wrong with it is said with what to do', async () => {
  const tried: unknown[] = [];
  const tryOut = async (value: unknown, _: never, signal: AbortSignal) => {
    tried.push([value, signal.aborted]);
    if (value === 'bad')
      throw new UserError('SPACECTL_NOT_ALLOWED', 'It is revoked', { suggestions: ['Make another', 'Or ask'] });
  };
  const { said } = await askFor({ ...base, tryOut } as Input, 'bad', 'good');
  expect(said).toEqual(['It is revoked\nMake another\nOr ask', true]);
  expect(tried).toEqual([
    ['bad', false],
    ['good', false],
  ]);
});

test('A bug in a validator is not told as a wrong answer', async () => {
  const broken = text({
    summary: 'Pool',
    parse: (): string => {
      throw new TypeError('a bug');
    },
  }) as Input;
  const failure = await askFor(broken, 'a').catch((error: unknown) => error);
  expect(failure).toMatchObject({ message: 'parsing --pool failed', cause: new TypeError('a bug') });
});

test('An answer that depends on something missing is undecided, not wrong', async () => {
  const { prompter } = watching('x');
  const inputs = {
    missing: text({ summary: 'Missing', asked: false, parse }),
    other: text({
      summary: 'Other',
      parse: (value: string, { missing }: { missing: string }) => `${missing}${value}`,
    }),
  };
  await expect(ask(inputs, nothing, { prompter, asksFor: (name) => name === 'other' })).rejects.toMatchObject({
    code: 'SPACECTL_MISSING_INPUT',
    message: 'Missing --missing',
  });
  expect(new Undecided('missing')).toBeInstanceOf(Error);
});

test('How an answer was understood is told, from the same parsing as its value', async () => {
  let parsed = 0;
  const input = optionalText({
    summary: 'Size',
    asked: true,
    parse: (value: string) => {
      parsed += 1;
      return Number(value);
    },
    remark: (size: number) => `${size} workers`,
  }) as Input;
  const { remarks, answered } = await askFor(input, '7');
  expect(remarks).toEqual(['7 workers']);
  expect(answered.values).toEqual({ pool: 7 });
  expect(parsed).toBe(1);
  expect((await askFor(base, 'a')).remarks).toEqual([undefined]);
});

test('Each value of a list is parsed with its position, counted from 1', async () => {
  const positions: number[] = [];
  const ca = list({
    summary: 'CA',
    parse: (value, _, position) => {
      positions.push(position);
      return value;
    },
  });
  expect((await ask({ ca }, { ...nothing, flags: { ca: ['a', 'b', 'a'] } })).values).toEqual({ ca: ['a', 'b', 'a'] });
  expect(positions).toEqual([1, 2]);
});

test('A secret that is typed is checked without the space around it', async () => {
  const seen: string[] = [];
  const token = secret({
    summary: 'Token',
    parse: (value: string) => {
      seen.push(value);
      return value;
    },
  }) as Input;
  const { said, answered } = await askFor(token, ' hush ');
  expect(said).toEqual([true]);
  expect(answered.values).toEqual({ pool: 'hush' });
  expect(seen).toEqual(['hush']);
});

test('What already counts without an answer is not asked for', async () => {
  const names: string[] = [];
  const prompter: Prompter = {
    async ask(name) {
      names.push(name);
      return ['typed'];
    },
  };
  const here = (value: string | undefined) =>
    optionalText<string>({ summary: 'Bundle', asked: true, inForce: () => value, parse });
  const inputs = { kept: here('a bundle'), empty: here(undefined), other: optionalText({ summary: 'Other', parse }) };
  expect((await ask(inputs, nothing, { prompter })).values).toEqual({ empty: 'typed' });
  expect(names).toEqual(['empty']);
});

test('What needs no answer is asked for where the conversation wants it, and what is needed in any case', async () => {
  const names: string[] = [];
  const prompter: Prompter = {
    async ask(name, _input, initial) {
      names.push(name);
      return initial.length > 0 ? initial : ['typed'];
    },
  };
  const inputs = {
    needed: text({ summary: 'Needed', parse }),
    preset: text({ summary: 'Preset', default: 'd', parse }),
    note: optionalText({ summary: 'Note', asked: true, parse }),
    colour: choice({ summary: 'Colour', choices: [{ value: 'red' }], default: 'red' }),
    hosts: list({ summary: 'Hosts', asked: ({ note }: { note: string | undefined }) => note !== undefined, parse }),
  };
  const only = (wanted: string) => ({ prompter, offersDefaults: true, asksFor: (name: string) => name === wanted });
  await ask(inputs, nothing, only('note'));
  expect(names.splice(0)).toEqual(['needed', 'note']);
  await ask(inputs, nothing, only('preset'));
  expect(names.splice(0)).toEqual(['needed', 'preset']);
  await ask(inputs, nothing, { prompter, offersDefaults: true });
  expect(names.splice(0)).toEqual(['needed', 'preset', 'note', 'colour', 'hosts']);
  await ask(inputs, nothing, { prompter });
  expect(names).toEqual(['needed', 'note', 'hosts']);
});
