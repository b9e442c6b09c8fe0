/** What the user can do about an error: a sentence, a command to copy, or a command and what it is for. */
export interface Suggestion {
  /** Without a full stop. With a command: what that is for. Never a command itself. */
  readonly text?: string;
  /** One line, with what only the user knows in capitals: `--ca FILE`. */
  readonly command?: string;
}

/** A suggestion as code writes it: a sentence alone is a text. */
export type Advice = string | Suggestion;

/** Returns advice as data. */
export function suggestionOf(advice: Advice): Suggestion {
  return typeof advice === 'string' ? { text: advice } : advice;
}

/** Formats a suggestion as one line, for places where a command cannot have a line of its own. */
export function suggestionLine({ text, command }: Suggestion): string {
  return [text, command].filter((each) => each !== undefined).join(': ');
}

/** Replaces a placeholder, such as `FILE`, in the command or, without one, in the text. */
export function fillSuggestion(advice: Advice, placeholder: string, value: string): Suggestion {
  const { text, command } = suggestionOf(advice);
  if (command === undefined) return { text: text?.replace(placeholder, () => value) ?? '' };
  return { ...(text !== undefined && { text }), command: command.replace(placeholder, () => value) };
}
