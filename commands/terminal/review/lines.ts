import type { Answered } from '../../../src/step/ask.ts';
import { flagName, isRepeated, type Origin } from '../../../src/step/given.ts';
import type { Input, Inputs } from '../../../src/step/input.ts';

/** Where a value came from, as the review says it. */
export type Source = 'you' | 'saved' | 'flag' | 'variable' | 'default' | 'open' | '';

/** One decision on the review screen. */
export interface ReviewLine {
  /** The name of the input. */
  readonly name: string;
  /** What the line is called: the flag, without its dashes. */
  readonly label: string;
  readonly section: string;
  /** The value as text; empty if there is none. */
  readonly value: string;
  /** `open`: nothing was decided, and a later program, such as Terraform, will ask. */
  readonly source: Source;
}

const SOURCES: Readonly<Record<Origin, Source>> = {
  prompt: 'you',
  flag: 'flag',
  environment: 'variable',
  'answers file': 'saved',
  saved: 'saved',
  default: 'default',
};

/** Titles of the sections of spacectl.yaml that several steps share; the others have that of their step. */
const TITLES: Readonly<Record<string, string>> = { pool: 'Worker pool', bundle: 'CA bundle', hosts: 'Hosts' };

/**
 * Lists what was decided, by sections: every input that the person may want to answer, and every other one that was given.
 * @param goal the input that comes first, with the directory
 */
export function reviewLines(inputs: Inputs, answered: Answered, goal: string): readonly ReviewLine[] {
  const lines: ReviewLine[] = [];
  let heading = '';
  for (const [name, input] of Object.entries(inputs)) {
    heading = input.heading ?? heading;
    const origin = answered.origins[name];
    const isGiven = origin !== undefined && origin !== 'default';
    if (!isGiven && !answered.offered.has(name)) continue;
    const section = (name === goal ? undefined : TITLES[input.section ?? '']) ?? heading;
    lines.push({ name, label: flagName(name, input), section, ...valueAndSource(name, input, answered) });
  }
  const sections = [...new Set(lines.map(({ section }) => section))];
  return sections.flatMap((section) => lines.filter((line) => line.section === section));
}

function valueAndSource(name: string, input: Input, answered: Answered): Pick<ReviewLine, 'value' | 'source'> {
  const value = textOf(name, input, answered);
  const origin = answered.origins[name];
  if (value !== '' && origin) return { value, source: SOURCES[origin] };
  const inForce = input.inForce?.(answered.values as never);
  if (inForce !== undefined) return { value: inForce, source: 'saved' };
  return { value, source: input.isForLater ? 'open' : '' };
}

function textOf(name: string, input: Input, { texts, values }: Answered): string {
  if (input.kind === 'secret') return values[name] === undefined ? '' : 'given, not shown';
  const all = texts[name] ?? [];
  if (input.kind === 'boolean') return all[0] === 'true' ? 'yes' : all.length > 0 ? 'no' : '';
  return isRepeated(input) ? all.join(', ') : (all[0] ?? '');
}
