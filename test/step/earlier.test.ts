import { expect, test } from 'vitest';
import { earlierIn, Undecided } from '../../src/step/earlier.ts';
import { plainName, sectionOfName } from '../../src/step/given.ts';
import { type Inputs, text } from '../../src/step/input.ts';

const any = text({ summary: 'Any', parse: (value: string) => value });
const inputs: Inputs = { region: any, 'ecs/region': any, 'ecs/size': any, 'aws/size': any };
const values = { region: 'r', 'ecs/region': 'e', 'ecs/size': 's', 'aws/size': 'z', other: 'o' };
type Seen = Readonly<Record<string, unknown>>;

test.each([
  ['region', 'region', undefined],
  ['ecs/region', 'region', 'ecs'],
  ['a/b/region', 'region', 'a/b'],
])('%s is the input %s in the section %s', (name, plain, section) => {
  expect([plainName(name), sectionOfName(name)]).toEqual([plain, section]);
});

test('An input sees the values of its own section before others of the same name', () => {
  const earlier = earlierIn(inputs, values);
  for (const name of Object.keys(inputs)) earlier.pass(name, false);
  expect((earlier.seenBy('ecs/x') as Seen)['region']).toBe('e');
  expect((earlier.seenBy('aws/x') as Seen)['region']).toBe('r');
  expect((earlier.seenBy('x') as Seen)['region']).toBe('r');
  expect((earlier.seenBy('aws/x') as Seen)['size']).toBe('z');
  // What is no input is what it is.
  expect((earlier.seenBy('x') as Seen)['other']).toBe('o');
});

test('A value that is missing is undecided; one that comes later, or is to be answered again, is a bug', () => {
  const earlier = earlierIn(inputs, values);
  const read = () => (earlier.seenBy('x') as Seen)['region'];
  expect(read).toThrow('an input reads "region", which is declared after it');
  expect(earlier.isSettled('region')).toBe(false);
  earlier.pass('region', true);
  expect(read).toThrow(Undecided);
  expect(earlier.isSettled('region')).toBe(false);
  earlier.pass('region', false);
  expect(read()).toBe('r');
  expect(earlier.isSettled('region')).toBe(true);
  earlier.forget('region');
  expect(read).toThrow('an input reads "region", which is declared after it');
});
