import { flagName, placeOf } from '../../step/given.ts';
import type { Input, Inputs } from '../../step/input.ts';

/** What a key of the file is read as. */
export interface Place {
  readonly input: Input;
  /** The flag of the same input, without dashes. */
  readonly flag: string;
}

/** What the file may give, by places, `section.key`. */
export type Places = ReadonlyMap<string, Place>;

/**
 * Returns what the file may give to inputs. `pool.name` names the pool to create, whether `--name` of the API or
 * `--pool-name` of Terraform reads it; such a key is described by the flag of its own name.
 */
export function placesOf(...all: readonly Inputs[]): Places {
  const places = new Map<string, Place>();
  for (const [name, input] of all.flatMap((inputs) => Object.entries(inputs))) {
    const place = placeOf(name, input);
    const flag = flagName(name, input);
    if (place !== undefined && (!places.has(place) || place.endsWith(`.${flag}`))) places.set(place, { input, flag });
  }
  return places;
}
