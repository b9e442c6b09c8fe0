/** Something to do after a plan was applied. A command is given apart from its text, so that it can be copied. */
export interface NextStep {
  /** What to do, without a full stop; with a command, what that is for. */
  readonly text: string;
  readonly command?: string;
}

/** Returns a step that is a sentence only as one with a text. */
export function nextStep(step: string | NextStep): NextStep {
  return typeof step === 'string' ? { text: step } : step;
}
