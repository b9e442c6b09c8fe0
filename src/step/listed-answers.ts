import type { Answered } from './ask.ts';
import { earlierIn } from './earlier.ts';
import type { Inputs } from './input.ts';
import { lookUpFor, warningAbout } from './look-up.ts';

/**
 * Compares all answers that were given with what services list, at the same time. A service that cannot be asked says
 * nothing: the prompt of that input tells why.
 */
export async function warningsAbout(inputs: Inputs, { values, texts, origins }: Answered): Promise<readonly string[]> {
  const earlier = earlierIn(inputs, values);
  for (const name of Object.keys(inputs)) earlier.pass(name, false);
  const all = Object.entries(inputs).map(async ([name, { lookUp }]) => {
    const given = texts[name] ?? [];
    if (!lookUp || given.length === 0 || origins[name] === 'default') return [];
    const { listing } = await lookUpFor(lookUp, earlier.seenBy(name));
    return (listing && warningAbout(name, given, listing)) ?? [];
  });
  return (await Promise.all(all)).flat();
}
