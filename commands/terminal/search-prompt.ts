import type { Choice, Input } from '../../src/step/input.ts';
import { BACK, type Back } from '../../src/step/prompter.ts';
import { splitList } from './list-text.ts';
import { printable } from './printable.ts';
import { runStockPrompt, type StockContext } from './stock-prompt.ts';

/** Number of choices shown at once; a longer list scrolls. */
export const MAX_SHOWN = 12;

type Texts = readonly string[];
type Check = (texts: Texts) => Promise<string | true>;

/** Inquirer's search prompt. */
export type SearchPrompt = (
  config: {
    readonly message: string;
    readonly source: (term?: string) => Promise<Required<Choice>[]>;
    readonly pageSize: number;
  },
  context: StockContext,
) => Promise<string>;

/** A question with choices, and how its answer is judged. */
export interface Searching {
  readonly input: Input;
  /** The present answer. */
  readonly initial: Texts;
  readonly check: Check;
  readonly search: SearchPrompt;
}

/** What is to be chosen from, and how the answer is judged. */
interface Searched {
  readonly message: string;
  readonly choices: readonly Choice[];
  /** What stands first while nothing is typed, with the value that it means. */
  readonly first: readonly Choice[];
  /** What stands last while nothing is typed. */
  readonly last: readonly Choice[];
  /** Returns the answer that typed text is, if it is a good one. */
  typed(term: string): Promise<string | undefined>;
}

/** Offers what an account has, searched as the person types. What is typed can be the answer as well. */
export async function askSearch({ input, initial, check, search }: Searching): Promise<Texts | Back> {
  const { choices = [], optional, leftOut } = input;
  // What Enter alone chooses: the present answer stays.
  const [present] = initial;
  const first = present === undefined ? [] : [choices.find(({ value }) => value === present) ?? { value: present }];
  const answer = await ask(search, {
    message: input.question ?? input.summary,
    choices,
    first,
    last: optional ? [{ value: '', name: leftOut ?? 'None of these: decide later' }] : [],
    typed: async (term) => ((await check([term])) === true ? term : undefined),
  });
  if (answer === BACK) return BACK;
  return answer === '' ? [] : [answer];
}

/** The same for any number of values: one after the other, until the person is done. */
export async function askSearchList({ input, initial, check, search }: Searching): Promise<Texts | Back> {
  const { choices = [], optional } = input;
  const chosen = [...initial];
  for (;;) {
    const done = chosen.length > 0 ? `Done: ${chosen.join(', ')}` : 'None of these: decide later';
    const end = chosen.length > 0 || optional ? [{ value: '', name: done }] : [];
    const answer = await ask(search, {
      message: input.question ?? input.summary,
      choices: choices.filter(({ value }) => !chosen.includes(value)),
      first: chosen.length > 0 ? end : [],
      last: chosen.length > 0 ? [] : end,
      typed: async (term) => ((await check(splitList(term))) === true ? term : undefined),
    });
    // Esc takes the last one back first.
    if (answer === BACK && chosen.length > initial.length) chosen.pop();
    else if (answer === BACK) return BACK;
    else if (answer === '') return chosen;
    else chosen.push(...splitList(answer));
  }
}

function ask(search: SearchPrompt, { message, choices, first, last, typed }: Searched): Promise<string | Back> {
  const source = async (term = '') => {
    const words = term.toLowerCase().split(/\s+/);
    const isMatch = ({ value, name = value }: Choice) => words.every((word) => name.toLowerCase().includes(word));
    const others = choices.filter(({ value }) => !first.some((each) => each.value === value));
    if (term === '') return [...first, ...others, ...last].map(shown);
    const found = [...first, ...others].filter((each) => each.value !== '' && isMatch(each)).map(shown);
    if (found.length > 0) return found;
    const answer = await typed(term);
    return answer === undefined ? [] : [{ value: answer, name: `Use ${printable(answer)}`, description: '' }];
  };
  return runStockPrompt('search', (context) => search({ message, source, pageSize: MAX_SHOWN }, context));
}

function shown({ value, name = value, description = '' }: Choice): Required<Choice> {
  return { value, name: printable(name), description: printable(description) };
}
