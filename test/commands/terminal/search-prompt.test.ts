import { expect, test } from 'vitest';
import { offersFor } from '../../../commands/terminal/search-prompt.ts';

const choices = [
  { value: 'my-prod', name: 'my-prod, Europe', description: 'vpc-1' },
  { value: 'prod' },
  { value: 'x', name: 'evil\u001b[31m' },
];
const later = { value: '', name: 'Later' };
const searched = {
  choices,
  first: [later],
  last: [],
  typed: async (term: string) => (term === 'bad' ? undefined : term),
};

/** Lists what is offered, as it is shown. */
const offers = async (term: string) => (await offersFor(term, searched)).map(({ name }) => name);

test('Before anything is typed, everything is offered, made printable', async () => {
  expect(await offers('')).toEqual(['Later', 'my-prod, Europe', 'prod', 'evil\\u{1b}[31m']);
});

test('What is called exactly as typed stands first, and what is typed can be taken where nothing is', async () => {
  expect(await offers('prod')).toEqual(['prod', 'my-prod, Europe']);
  expect(await offers('pro')).toEqual(['my-prod, Europe', 'prod', 'Use pro']);
  expect(await offers('new')).toEqual(['Use new']);
  expect(await offers('bad')).toEqual([]);
});

test('Words are searched in names and descriptions, in any order and case', async () => {
  expect(await offers('VPC-1 eur')).toEqual(['my-prod, Europe', 'Use VPC-1 eur']);
});
