import { type NextStep, nextStep } from '../../src/step/next.ts';
import type { StepPlan } from '../../src/step/run.ts';
import { printable } from './printable.ts';
import { style } from './style.ts';
import { wrapWords } from './wrap.ts';

/** What to do next for one thing, such as the hosts of a target. */
interface NextGroup {
  /** As it reads after "For": "the systemd files". */
  readonly title: string;
  readonly steps: readonly NextStep[];
}

/** Groups what to do next by what it is for, without duplicates: two steps may ask for the same thing. */
export function nextOf(plans: readonly StepPlan[]): readonly NextGroup[] {
  const seen = new Set<string>();
  return plans.flatMap(({ step: { title }, plan: { next = [] } }) => {
    const steps = next.map(nextStep).filter((each) => {
      const key = JSON.stringify([each.text, each.command]);
      return !seen.has(key) && seen.add(key);
    });
    return steps.length > 0 ? [{ title, steps }] : [];
  });
}

/** Formats what to do next. A command is alone on its line, which is never broken; those for one purpose follow each other. */
export function formatNext(plans: readonly StepPlan[]): readonly string[] {
  const groups = nextOf(plans);
  return groups.flatMap(({ title, steps }) => {
    const heading = groups.length > 1 ? `Next, for ${printable(title)}:` : 'Next:';
    return ['', style.bold(heading), ...formatSteps(steps)];
  });
}

function formatSteps(steps: readonly NextStep[]): readonly string[] {
  let number = 0;
  return steps.flatMap(({ text, command }, index) => {
    const isSame = steps[index - 1]?.text === text;
    if (!isSame) number++;
    const words = `  ${number}. ${printable(text)}${command === undefined ? '' : ':'}`;
    return [
      ...(isSame ? [] : [wrapWords(words, process.stdout, '     ')]),
      ...(command === undefined ? [] : [`     ${printable(command)}`]),
    ];
  });
}
