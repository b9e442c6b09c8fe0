import { formatCount } from '../../../src/core/text.ts';
import type { Choice, Input, Preset } from '../../../src/step/input.ts';
import { BACK, type Back, type Prompter } from '../../../src/step/prompter.ts';
import { splitList } from '../list-text.ts';
import { say as write } from '../output.ts';
import { printable, printableLines } from '../printable.ts';
import { whileLookingUpPlainly } from '../waiting.ts';
import { wrapWords } from '../wrap.ts';
import { readLine } from './read-line.ts';

/** Choices of one question that are listed: more than the regions of a cloud would only scroll by. */
const MAX_LISTED = 60;

/** Puts the lines of one item below each other. */
const INDENT = '     ';

/** Writes text, wrapped between words. */
function say(text: string, indent = ''): void {
  write(wrapWords(text, process.stderr, indent));
}

type Texts = readonly string[];
type Check = (texts: Texts) => Promise<string | true>;

/**
 * Creates a prompter that asks line by line and never moves the cursor: for screen readers, terminals that cannot do more, and
 * locales without Unicode.
 */
export function createPlainPrompter(): Prompter {
  return {
    whileLookingUp: whileLookingUpPlainly,
    async ask(_name, input, initial, check, remark) {
      say(`\n${input.question ?? input.summary}`);
      if (input.presets) {
        const texts = await askPreset(input.presets, initial);
        if (texts !== undefined) return texts;
      }
      if (input.description) say(printableLines(input.description));
      const choices = choicesOf(input);
      for (const [index, { value, name = value, description }] of choices.slice(0, MAX_LISTED).entries()) {
        say(printable(`  ${index + 1}. ${name}${description ? `: ${description}` : ''}`), INDENT);
      }
      if (choices.length > MAX_LISTED) say(`  and ${choices.length - MAX_LISTED} more, which can be typed`);
      say(howToAnswer(input, initial));
      const texts = await askUntilGood(input, initial, check);
      if (texts === BACK) return BACK;
      const understood = texts.length > 0 ? await remark(texts) : undefined;
      if (understood) say(printableLines(understood));
      return texts;
    },
  };
}

/** Offers usual combinations of choices. @returns `undefined` if the person wants to choose one by one */
async function askPreset(presets: readonly Preset[], initial: Texts): Promise<Texts | Back | undefined> {
  for (const [index, { name, description }] of presets.entries())
    say(`  ${index + 1}. ${name}: ${description}`, INDENT);
  const present = presets.find(({ values }) => values?.join() === initial.join());
  say(['A number', present && `Enter takes ${present.name}`, '< goes back'].filter(Boolean).join('. '));
  for (;;) {
    const line = await readLine('> ');
    if (line === BACK) return BACK;
    const chosen = line === '' ? present : presets[Number(line) - 1];
    if (chosen) return chosen.values;
    say(`"${printableLines(line)}" is not a number from 1 to ${presets.length}`);
  }
}

function choicesOf({ kind, choices = [] }: Input): readonly Choice[] {
  return kind === 'boolean' ? [] : choices;
}

function howToAnswer({ kind, optional, choices = [] }: Input, initial: Texts): string {
  const present = kind === 'boolean' ? (initial[0] === 'true' ? 'yes' : 'no') : initial.join(', ');
  const enter =
    kind === 'secret'
      ? optional && 'Enter leaves it out'
      : present !== ''
        ? `Enter takes ${present}`
        : optional && 'Enter leaves it empty';
  const how = {
    boolean: 'yes or no',
    choice: 'A number or a word',
    choices: 'Numbers or words, with commas between them; - for none',
    list: `${choices.length > 0 ? 'Numbers or values' : 'Values'} with spaces between them; - for none`,
    secret: 'It is not shown',
    text: choices.length > 0 ? 'A number or a value' : '',
  }[kind];
  return [how, enter, '< goes back'].filter(Boolean).join('. ');
}

async function askUntilGood(input: Input, initial: Texts, check: Check): Promise<Texts | Back> {
  for (;;) {
    const texts = await readOne(input, check);
    if (texts === BACK) return BACK;
    const answer = texts.length === 0 && input.kind !== 'secret' ? initial : texts[0] === '-' ? [] : texts;
    if (answer.length === 0 && !input.optional) say('A value is required');
    else {
      const judged = answer.length === 0 ? true : await check(answer);
      if (judged === true) return answer;
      say(printableLines(judged));
    }
  }
}

/** Reads an answer of one line; numbers stand for the choices. */
async function readOne(input: Input, check: Check): Promise<Texts | Back> {
  const isAnswer = async (secret: string) => (await check([secret])) === true;
  const line = await readLine('> ', input.kind === 'secret' ? isAnswer : undefined);
  if (line === BACK) return BACK;
  if (line === '') return [];
  if (input.kind === 'secret') say(`${formatCount(line.length)} characters`);
  const choices = choicesOf(input);
  const choiceFor = (word: string) => (/^\d+$/.test(word) ? (choices[Number(word) - 1]?.value ?? word) : word);
  if (input.kind === 'list') return line === '-' ? [line] : splitList(line).map(choiceFor);
  if (input.kind === 'choices') return line.split(',').map((word) => choiceFor(word.trim()));
  if (input.kind === 'choice' || input.kind === 'text') return [choiceFor(line)];
  if (input.kind === 'boolean') return [YES_OR_NO[line.toLowerCase()] ?? line];
  return [line];
}

const YES_OR_NO: Readonly<Record<string, string>> = { y: 'true', yes: 'true', n: 'false', no: 'false' };
