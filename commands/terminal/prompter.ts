import { checkbox, confirm as confirmPrompt, password, select, input as textPrompt } from '@inquirer/prompts';
import type { Prompter } from '../../src/step/ask.ts';
import type { Input } from '../../src/step/input.ts';
import { say } from './output.ts';
import { printableLines } from './printable.ts';
import { style } from './style.ts';
import { wrapWords } from './wrap.ts';

/** Number of choices shown at once; a longer list scrolls. */
const MAX_SHOWN = 12;

/** Prompts go to stderr: stdout holds results only. */
const context = { output: process.stderr };

type Check = Parameters<Prompter['ask']>[3];
type Remark = Parameters<Prompter['ask']>[4];

/** Creates a prompter that asks on the terminal, in the way that suits the kind of input. */
export function createPrompter(): Prompter {
  let lastHeading: string | undefined;
  return {
    async ask(_name, input, initial, judge, remark) {
      const check: Check = async (texts) => {
        const problem = await judge(texts);
        return typeof problem === 'string' ? printableLines(problem) : problem;
      };
      if (input.heading && input.heading !== lastHeading) say(`\n${style.bold(input.heading)}`);
      lastHeading = input.heading ?? lastHeading;
      if (input.description) say(style.dim(wrapWords(input.description, process.stderr)));
      if (input.kind === 'list') return askList(input, check, remark);
      const texts = await put(input, initial, check);
      if (texts.length > 0) sayRemark(await remark(texts));
      return texts;
    },
  };
}

function sayRemark(text: string | undefined): void {
  if (text) say(style.dim(`  ${wrapWords(printableLines(text), process.stderr, '  ')}`));
}

/** Asks a yes-or-no question that is not an input, such as "Apply these changes?" */
export function confirm(message: string, fallback: boolean): Promise<boolean> {
  return confirmPrompt({ message, default: fallback }, context);
}

async function put(input: Input, initial: readonly string[], check: Check): Promise<readonly string[]> {
  const message = input.question ?? input.summary;
  switch (input.kind) {
    case 'boolean':
      return [String(await confirm(message, initial[0] === 'true'))];
    case 'choice':
      return [
        await select({ message, choices: choicesOf(input), ...(initial[0] && { default: initial[0] }) }, context),
      ];
    case 'choices':
      return checkbox(
        { message, choices: choicesOf(input, initial), required: !input.optional, pageSize: MAX_SHOWN },
        context,
      );
    case 'secret':
      return oneOrNone(await password({ message, mask: true, ...textOptions(input, [], check) }, context));
    default:
      return oneOrNone(await textPrompt({ message, ...textOptions(input, initial, check) }, context));
  }
}

function choicesOf(input: Input, checked: readonly string[] = []) {
  return (input.choices ?? []).map(({ value, name = value, description }) => ({
    value,
    name,
    checked: checked.includes(value),
    ...(description && { description }),
  }));
}

function textOptions(input: Input, [initial]: readonly string[], check: Check) {
  return {
    validate: input.optional ? emptyOr(check) : neverEmpty(check),
    ...(initial !== undefined && { default: initial }),
  };
}

/** Asks repeatedly, until the user enters nothing. */
async function askList(
  { question, summary, optional }: Input,
  check: Check,
  remark: Remark,
): Promise<readonly string[]> {
  const texts: string[] = [];
  const words = question ?? summary;
  const first = optional && !words.includes('leave empty') ? `${words} (leave empty for none)` : words;
  for (;;) {
    const message = texts.length === 0 ? first : 'Another? (leave empty to continue)';
    const mayEnd = texts.length > 0 || optional;
    const validate = (text: string) => (text === '' && mayEnd ? true : check([...texts, text]));
    const text = await textPrompt({ message, validate }, context);
    if (text === '') return texts;
    texts.push(text);
    sayRemark(await remark([text]));
  }
}

function emptyOr(check: Check): (text: string) => Promise<string | true> {
  return async (text) => check(text === '' ? [] : [text]);
}

/** Rejects an empty answer to a required input, even if the input would parse empty text. */
function neverEmpty(check: Check): (text: string) => Promise<string | true> {
  return async (text) => (text === '' ? 'A value is required' : check([text]));
}

function oneOrNone(text: string): readonly string[] {
  return text === '' ? [] : [text];
}
