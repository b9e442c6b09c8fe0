import { findNearest } from '../../core/nearest.ts';
import { bad } from './document.ts';

/** What all commands read in the file. */
export interface KnownKeys {
  /** Flags, without dashes, by places, `section.key`. */
  readonly flags: ReadonlyMap<string, string>;
  /** Names of secrets: of these, the file may name files only. */
  readonly secrets: ReadonlySet<string>;
}

/**
 * Reports whether no command reads a key, `section.key`, or `key` where it is in no section.
 * @param file its name, for messages
 * @throws UserError `SPACECTL_BAD_ANSWERS` for a key that was probably meant to be another: ignored, it would do harm, such as
 * hosts without a CA certificate; and for a secret
 */
export function isUnknownKey(place: string, { flags, secrets }: KnownKeys, file: string): boolean {
  if (flags.has(place)) return false;
  const { section, key } = partsOf(place);
  const secret = key.replace(/-file$/, '');
  const isSecret = secrets.has(secret) || secrets.has(`${section}-${secret}`);
  const meant = nearestPlace(place, flags);
  if (isSecret && !key.endsWith('-file')) {
    const other = flags.has(`${place}-file`) ? `name its file in ${place}-file` : `pass --${key}-file`;
    throw bad(file, `${place} is a secret, which does not belong in this file; ${other}`);
  }
  if (meant !== undefined) throw bad(file, `unknown key ${place}; did you mean ${meant}?`);
  return true;
}

/** Returns the place that was probably meant: a flag's name, a key in the wrong section, or a typo. */
function nearestPlace(place: string, flags: KnownKeys['flags']): string | undefined {
  const { section, key } = partsOf(place);
  const places = [...flags.keys()];
  const named = places.filter((each) => flags.get(each) === key);
  const inSection = named.find((each) => each.startsWith(`${section}.`));
  return inSection ?? named[0] ?? places.find((each) => each.endsWith(`.${key}`)) ?? findNearest(place, places);
}

function partsOf(place: string): { section: string; key: string } {
  const [section = '', key] = place.split('.');
  return key === undefined ? { section: '', key: section } : { section, key };
}
