import { checkbox, confirm as confirmPrompt, search, select, input as textPrompt } from '@inquirer/prompts';
import type { Input, Preset } from '../../src/step/input.ts';
import { BACK, type Back, type Prompter } from '../../src/step/prompter.ts';
import { joinList, splitList } from './list-text.ts';
import { say } from './output.ts';
import { printableLines } from './printable.ts';
import { terminalReader } from './reader/index.ts';
import { askSearch, askSearchList, MAX_SHOWN } from './search-prompt.ts';
import { askSecret } from './secret-prompt.ts';
import { runStockPrompt } from './stock-prompt.ts';
import { style } from './style.ts';
import { whileLookingUp } from './waiting.ts';
import { wrapWords } from './wrap.ts';

type Check = Parameters<Prompter['ask']>[3];
type Texts = readonly string[];

/** Creates a prompter that asks on the terminal, in the way that suits the kind of input. */
export function createPrompter(): Prompter {
  let lastHeading: string | undefined;
  return {
    whileLookingUp,
    async ask(_name, input, initial, judge, remark) {
      const check: Check = async (texts) => {
        const problem = await judge(texts);
        return typeof problem === 'string' ? printableLines(problem) : problem;
      };
      if (input.heading && input.heading !== lastHeading) say(`\n${style.bold(input.heading)}`);
      lastHeading = input.heading ?? lastHeading;
      if (input.description) say(style.dim(wrapWords(input.description, process.stderr)));
      const texts = await put(input, initial, check);
      if (texts !== BACK && texts.length > 0) sayRemark(await remark(texts));
      return texts;
    },
  };
}

function sayRemark(text: string | undefined): void {
  if (text) say(style.dim(`  ${wrapWords(printableLines(text), process.stderr, '  ')}`));
}

/**
 * Asks a yes-or-no question that is not an input, such as "Apply these changes?" What was typed before it appeared is no
 * answer to it.
 */
export async function confirm(message: string, fallback: boolean): Promise<boolean> {
  const reader = terminalReader();
  reader.open();
  await reader.discard();
  const answer = await confirmPromptFor(message, fallback);
  return answer !== BACK && answer;
}

function confirmPromptFor(message: string, fallback: boolean): Promise<boolean | Back> {
  return runStockPrompt('text', (context) => confirmPrompt({ message, default: fallback }, context));
}

async function put(input: Input, initial: Texts, check: Check): Promise<Texts | Back> {
  const message = input.question ?? input.summary;
  switch (input.kind) {
    case 'boolean':
      return textsOf(await confirmPromptFor(message, initial[0] === 'true'));
    case 'choice': {
      const config = { message, choices: choicesOf(input), ...(initial[0] && { default: initial[0] }) };
      return textsOf(await runStockPrompt('list', (context) => select(config, context)));
    }
    case 'choices': {
      if (input.presets) return askPreset({ ...input, presets: input.presets }, initial, check);
      const config = { message, choices: choicesOf(input, initial), required: !input.optional, pageSize: MAX_SHOWN };
      return runStockPrompt('list', (context) => checkbox(config, context));
    }
    case 'list':
      return hasChoices(input) ? askSearchList({ input, initial, check, search }) : askList(input, initial, check);
    case 'secret':
      return textsOf(await askSecret({ message, mayBeEmpty: input.optional, check: checkOf(input, check) }));
    default:
      if (hasChoices(input)) return askSearch({ input, initial, check, search });
      return textsOf(await askText(message, initial[0], checkOf(input, check)));
  }
}

function hasChoices({ choices = [] }: Input): boolean {
  return choices.length > 0;
}

/** Offers usual combinations of choices, and the choices one by one. */
async function askPreset(
  { presets, ...input }: Input & { readonly presets: readonly Preset[] },
  initial: Texts,
  check: Check,
): Promise<Texts | Back> {
  const choices = presets.map((preset) => ({ value: preset, name: preset.name, description: preset.description }));
  const present = presets.find(({ values }) => values?.join() === initial.join());
  const message = input.question ?? input.summary;
  for (;;) {
    const config = { message, choices, pageSize: MAX_SHOWN, ...(present && { default: present }) };
    const chosen = await runStockPrompt('list', (context) => select(config, context));
    if (chosen === BACK) return BACK;
    const texts = chosen.values ?? (await put(input, initial, check));
    if (texts !== BACK) return texts;
  }
}

/** Asks for a line of text. */
function askText(
  message: string,
  initial: string | undefined,
  check: (text: string) => Promise<string | true>,
): Promise<string | Back> {
  return runStockPrompt('text', (context, watched) =>
    textPrompt({ message, validate: watched(check), ...(initial !== undefined && { default: initial }) }, context),
  );
}

/** Returns an answer as texts. An empty one is none. */
function textsOf(answer: string | boolean | Back): Texts | Back {
  if (answer === BACK) return BACK;
  return answer === '' ? [] : [String(answer)];
}

function choicesOf(input: Input, checked: Texts = []) {
  return (input.choices ?? []).map(({ value, name = value, description }) => ({
    value,
    name,
    checked: checked.includes(value),
    ...(description && { description }),
  }));
}

/** Rejects an empty answer to a required input, even if the input would parse empty text. */
function checkOf({ optional }: Input, check: Check): (text: string) => Promise<string | true> {
  return async (text) => {
    if (text === '') return optional ? check([]) : 'A value is required';
    return check([text]);
  };
}

/** Asks for the values of a list, on one line. */
async function askList(input: Input, initial: Texts, check: Check): Promise<Texts | Back> {
  const { question, summary, optional } = input;
  const validate = async (line: string) => {
    const texts = splitList(line);
    if (texts.length > 0) return check(texts);
    return optional || 'A value is required';
  };
  const line = await askText(question ?? summary, initial.length > 0 ? joinList(initial) : undefined, validate);
  return line === BACK ? BACK : splitList(line);
}
