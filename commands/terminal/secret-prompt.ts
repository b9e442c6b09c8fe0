import { formatCount } from '../../src/core/text.ts';
import { BACK, type Back } from '../../src/step/prompter.ts';
import { say } from './output.ts';
import { printableLines } from './printable.ts';
import { fitText, show, type View } from './screen/view.ts';
import { style } from './style.ts';
import { wrapWords } from './wrap.ts';
import { isLineBreak, onOneLine } from './wrapped-secret.ts';

/** A secret to ask for. */
export interface SecretQuestion {
  readonly message: string;
  /** Whether Enter alone is an answer. */
  readonly mayBeEmpty: boolean;
  /** `true`, or what is wrong with it. Never contains the secret. */
  check(secret: string): Promise<string | true>;
}

/** Asks for a secret. Nothing of it is shown; afterwards the line says how long it was. */
export async function askSecret(question: SecretQuestion): Promise<string | Back> {
  const answer = await show(secretView(question));
  if (answer === BACK) return BACK;
  const length = answer === '' ? '' : style.cyan(`${formatCount(answer.length)} characters`);
  say(`${style.green('✔')} ${style.bold(question.message)} ${length}`.trimEnd());
  return answer;
}

/** Draws the prompt: line breaks within a paste do not end it, since terminals wrap what they copy. */
function secretView({ message, mayBeEmpty, check }: SecretQuestion): View<string> {
  let secret = '';
  let isMarked = false;
  let problem: readonly string[] = [];
  return {
    draw: ({ columns }) => {
      const question = `${style.blue('?')} ${style.bold(message)}`;
      const count = `${formatCount(secret.length)} characters. Press Enter to continue`;
      const empty = `Paste it, or type the name of its file. It is not shown.${mayBeEmpty ? ' Press Enter to leave it out' : ''}`;
      const lines = [question, style.dim(secret === '' ? empty : count), ...problem.map((line) => style.red(line))];
      return { lines: lines.map((line) => fitText(line, columns - 1)) };
    },
    press: async ({ name, text }) => {
      problem = [];
      // A terminal that marks its pastes says where they end: what comes behind them was typed ahead.
      isMarked = name === 'paste' || (isMarked && secret !== '');
      if (name === 'backspace') secret = secret.slice(0, -1);
      else if (name === 'ctrl-u') secret = '';
      else if (name !== 'return') secret += name === 'paste' ? onOneLine(text) : text;
      else if (secret === '' && mayBeEmpty) return '';
      else if (secret !== '') {
        const judged = await check(secret);
        if (judged === true) return secret;
        if (await isLineBreak(secret, isMarked)) return undefined;
        problem = wrapWords(`> ${printableLines(judged)}`, process.stderr, '  ').split('\n');
        secret = '';
      }
      return undefined;
    },
  };
}
