import { BACK, type Prompter } from './prompter.ts';

/** What is noted of questions. */
interface Notes {
  readonly prompted: Set<string>;
  readonly entered: Map<string, readonly string[]>;
  onBack(name: string): void;
}

/** Notes which inputs were asked for, and what was entered. */
export function notingAnswers(prompter: Prompter, { prompted, entered, onBack }: Notes): Prompter {
  return {
    ...prompter,
    async ask(name, ...rest) {
      prompted.add(name);
      const texts = await prompter.ask(name, ...rest);
      if (texts === BACK) onBack(name);
      else entered.set(name, texts);
      return texts;
    },
  };
}
