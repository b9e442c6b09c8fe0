import { expect, test } from 'vitest';
import { loadAllCommands } from '../../commands/index.ts';
import { flagName, isBare, placeOf, variableNames } from '../../src/step/given.ts';
import type { Input } from '../../src/step/input.ts';

/** One input of one command, by the words a user gives it by. */
interface Use {
  readonly command: string;
  readonly flag: string;
  readonly place: string | undefined;
  readonly variables: readonly string[];
  readonly input: Input;
}

/** Flags that do not mean the same to all commands, why they are called so all the same, and whose meaning is another. */
const EXCEPTIONS: readonly {
  readonly reason: string;
  readonly commands: readonly string[];
  readonly flags: readonly string[];
}[] = [
  {
    reason: 'a cloud-init document is read by clouds (openstack, plain) that no Terraform configuration is for',
    commands: ['render cloud-init', 'init'],
    flags: ['cloud'],
  },
  {
    reason: '--output is the word for the one file that a command writes, as in curl',
    commands: ['launcher download'],
    flags: ['output'],
  },
  {
    reason: 'settings of an existing pool are changed only on purpose, not since a variable is set for creating one',
    commands: ['workerpool update'],
    flags: ['name', 'space', 'description', 'label', 'drift-limit'],
  },
];

const uses: readonly Use[] = Object.entries(await loadAllCommands()).flatMap(([id, { inputs }]) =>
  Object.entries(inputs)
    .filter(([, input]) => !isBare(input))
    .map(([name, input]) => ({
      command: id.replaceAll(':', ' '),
      flag: flagName(name, input),
      place: placeOf(name, input),
      variables: variableNames(name, input),
      input,
    })),
);

/** What an input is, whoever asks for it: not whether it is asked, has a default or may be left out. */
function definition({ kind, summary, placeholder, choices }: Input): string {
  return JSON.stringify({ kind, summary, placeholder, choices: choices?.map(({ value }) => value) });
}

function isException({ command, flag }: Use): boolean {
  return EXCEPTIONS.some(({ commands, flags }) => commands.includes(command) && flags.includes(flag));
}

/** Words that mean several things, with the meanings and where they have them. */
function ambiguous(wordsOf: (use: Use) => readonly string[], among: readonly Use[]): Record<string, string[]> {
  const meanings = new Map<string, Map<string, string[]>>();
  for (const use of among) {
    for (const word of wordsOf(use)) {
      const commands = meanings.get(word) ?? new Map<string, string[]>();
      const meaning = definition(use.input);
      meanings.set(word, commands.set(meaning, [...(commands.get(meaning) ?? []), use.command]));
    }
  }
  const several = [...meanings].filter(([, each]) => each.size > 1);
  return Object.fromEntries(
    several.map(([word, each]) => [word, [...each].map(([meaning, commands]) => `${commands.join(', ')}: ${meaning}`)]),
  );
}

test('a flag has one meaning in all commands, apart from the exceptions', () => {
  expect(
    ambiguous(
      ({ flag }) => [flag],
      uses.filter((use) => !isException(use)),
    ),
  ).toEqual({});
});

/** Keys of the pool to create, whether Spacelift's API (`--name`) or Terraform (`--pool-name`) creates it. */
const CREATED = ['pool.name', 'pool.space', 'pool.description', 'pool.label'];

test('a key of spacectl.yaml has one meaning in all commands, and one kind of value', () => {
  const placesOf = ({ place }: Use) => (place === undefined ? [] : [place]);
  expect(Object.keys(ambiguous(placesOf, uses)).sort()).toEqual([...CREATED].sort());
  for (const place of CREATED) {
    const kinds = new Set(uses.filter((use) => use.place === place).map(({ input }) => input.kind));
    expect([place, kinds.size]).toEqual([place, 1]);
  }
});

test('a key is what a person would write: it repeats no part of its section', () => {
  const places = new Set(uses.flatMap(({ place }) => place ?? []));
  expect(places.size).toBeGreaterThan(100);
  const repeats = [...places].filter((place) => {
    const [section = '', key = ''] = place.split('.');
    return key === section || key.startsWith(`${section}-`);
  });
  expect(repeats).toEqual([]);
  expect([...places]).toEqual(expect.arrayContaining(['cloud-init.cloud', 'pool.id', 'launcher.output']));
});

test('an environment variable has one meaning in all commands', () => {
  expect(uses.length).toBeGreaterThan(500);
  expect(ambiguous(({ variables }) => variables, uses)).toEqual({});
});

test('there are three exceptions at most; each is one, and has a variable of its own', () => {
  expect(EXCEPTIONS.length).toBeLessThanOrEqual(3);
  for (const { commands, flags } of EXCEPTIONS) {
    for (const flag of flags) {
      expect(Object.keys(ambiguous((use) => [use.flag], uses))).toContain(flag);
      for (const command of commands) {
        const use = uses.find((each) => each.command === command && each.flag === flag);
        expect(use?.input.variable, `the variable of --${flag} of ${command}`).toBeDefined();
      }
    }
  }
});

test('nothing else has a variable of its own', () => {
  const others = uses.filter((use) => use.input.variable !== undefined && !isException(use));
  expect(others.map(({ command, flag }) => `${command} --${flag}`)).toEqual([]);
});
