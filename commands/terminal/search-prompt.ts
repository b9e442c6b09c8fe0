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

/** What leaves a question without an answer. */
const LEFT_OUT = 'None of these: decide later';

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
  const { choices = [], optional, leftOut, isForLater } = input;
  const [present] = initial;
  const end = optional ? [{ value: '', name: leftOut ?? LEFT_OUT }] : [];
  // What Enter alone chooses: the present answer stays, and what is asked for later is left open.
  const isOpen = present === undefined && isForLater === true;
  const chosen = present === undefined ? [] : [choices.find(({ value }) => value === present) ?? { value: present }];
  const answer = await ask(search, {
    message: input.question ?? input.summary,
    choices,
    first: isOpen ? end : chosen,
    last: isOpen ? [] : end,
    typed: async (term) => ((await check([term])) === true ? term : undefined),
  });
  if (answer === BACK) return BACK;
  return answer === '' ? [] : [answer];
}

/** The same for any number of values: one after the other, until the person is done. */
export async function askSearchList({ input, initial, check, search }: Searching): Promise<Texts | Back> {
  const { choices = [], optional, isForLater } = input;
  const chosen = [...initial];
  for (;;) {
    const done = chosen.length > 0 ? `Done: ${chosen.join(', ')}` : LEFT_OUT;
    const end = chosen.length > 0 || optional ? [{ value: '', name: done }] : [];
    const isFirst = chosen.length > 0 || isForLater === true;
    const answer = await ask(search, {
      message: input.question ?? input.summary,
      choices: choices.filter(({ value }) => !chosen.includes(value)),
      first: isFirst ? end : [],
      last: isFirst ? [] : end,
      typed: async (term) => ((await check(splitList(term))) === true ? term : undefined),
    });
    // Esc takes the last one back first.
    if (answer === BACK && chosen.length > initial.length) chosen.pop();
    else if (answer === BACK) return BACK;
    else if (answer === '') return chosen;
    else chosen.push(...splitList(answer));
  }
}

function ask(search: SearchPrompt, searched: Searched): Promise<string | Back> {
  const source = (term?: string) => offersFor(term ?? '', searched);
  const { message } = searched;
  return runStockPrompt('search', (context) => search({ message, source, pageSize: MAX_SHOWN }, context));
}

/**
 * Lists what can be chosen while something is typed: what is called exactly so, what contains all of its words, and what is
 * typed itself, if that is a good answer. It may be a part of something that is listed.
 */
export async function offersFor(
  term: string,
  { choices, first, last, typed }: Omit<Searched, 'message'>,
): Promise<Required<Choice>[]> {
  const others = choices.filter(({ value }) => !first.some((each) => each.value === value));
  if (term === '') return [...first, ...others, ...last].map(shown);
  const words = term.toLowerCase().split(/\s+/);
  const isMatch = ({ value, name = value, description = '' }: Choice) => {
    const text = `${value} ${name} ${description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  };
  const matching = [...first, ...others].filter((each) => each.value !== '' && isMatch(each));
  const exact = matching.filter(({ value }) => value === term);
  const found = [...exact, ...matching.filter((each) => !exact.includes(each))].map(shown);
  const answer = exact.length > 0 ? undefined : await typed(term);
  return answer === undefined ? found : [...found, { ...shown({ value: answer }), name: `Use ${printable(answer)}` }];
}

function shown({ value, name = value, description = '' }: Choice): Required<Choice> {
  return { value, name: printable(name), description: printable(description) };
}
