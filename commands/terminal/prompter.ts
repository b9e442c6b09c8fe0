import { checkbox, confirm as confirmPrompt, password, select, input as textPrompt } from '@inquirer/prompts';
import type { Prompter } from '../../src/step/ask.ts';
import type { Input } from '../../src/step/input.ts';
import { style } from './style.ts';

/** Prompts go to stderr: stdout holds results only. */
const context = { output: process.stderr };

type Check = (texts: readonly string[]) => Promise<string | true>;

/** Asks a person at the terminal, in the way that suits the kind of input. */
export const prompter: Prompter = {
  async ask(_name, input, initial, check) {
    const message = input.question ?? input.summary;
    if (input.description) process.stderr.write(`${style.dim(input.description)}\n`);
    switch (input.kind) {
      case 'boolean':
        return [String(await confirmPrompt({ message, default: initial[0] === 'true' }, context))];
      case 'choice':
        return [
          await select({ message, choices: choicesOf(input), ...(initial[0] && { default: initial[0] }) }, context),
        ];
      case 'choices':
        return checkbox({ message, choices: choicesOf(input, initial), required: !input.optional }, context);
      case 'list':
        return askList(message, check, !input.optional);
      case 'secret':
        return oneOrNone(await password({ message, mask: true, validate: emptyOr(check) }, context));
      case 'text':
        return oneOrNone(await textPrompt({ message, ...textOptions(input, initial, check) }, context));
    }
  },
};

/** A yes-or-no question that is not an input: "Do it?" */
export function confirm(message: string, fallback: boolean): Promise<boolean> {
  return confirmPrompt({ message, default: fallback }, context);
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
    validate: input.optional ? emptyOr(check) : (text: string) => check([text]),
    ...(initial !== undefined && { default: initial }),
  };
}

/** Asks again and again, until nothing is entered. */
async function askList(message: string, check: Check, isRequired: boolean): Promise<readonly string[]> {
  const texts: string[] = [];
  for (;;) {
    const mayEnd = texts.length > 0 || !isRequired;
    const more = texts.length > 0 ? '(leave empty when done)' : isRequired ? '' : '(leave empty for none)';
    const validate = (text: string) => (text === '' && mayEnd ? true : check([...texts, text]));
    const text = await textPrompt({ message: `${message} ${style.dim(more)}`, validate }, context);
    if (text === '') return texts;
    texts.push(text);
  }
}

function emptyOr(check: Check): (text: string) => Promise<string | true> {
  return async (text) => (text === '' ? true : check([text]));
}

function oneOrNone(text: string): readonly string[] {
  return text === '' ? [] : [text];
}
