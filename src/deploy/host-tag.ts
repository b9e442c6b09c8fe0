import type { Answers } from '../step/input.ts';

/** The variable of the launcher that becomes the tag `host`. The rendered unit sets it to the host's name (`%H`). */
const VARIABLE = 'SPACELIFT_METADATA_host';

/** Returns the tag `host` of a worker, given the name of its host; `undefined` if the user has set the tag. */
export function hostTag(name: string | undefined, { env, metadata }: Answers): string | undefined {
  const isSet = [env, metadata].some(
    (variables) => Array.isArray(variables) && variables.some((pair) => Array.isArray(pair) && pair[0] === VARIABLE),
  );
  return isSet || name === '' ? undefined : name;
}
