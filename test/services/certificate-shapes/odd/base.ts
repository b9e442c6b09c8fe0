import { constraints, makeAuthority, subjectKey, usage } from '../authority.ts';
import { context, contextText, type ExtensionRequest, extension, name, utf8 } from '../encode.ts';
import { publicKeyOf } from '../keys.ts';

/** The key of most shapes, and the extensions of a sound root of it. */
export const SPKI = publicKeyOf('P-256');
export const SOUND = [constraints, usage, subjectKey(SPKI)];

/** A root with these extensions instead of the usual ones. */
export const withOnly = (title: string, ...extensions: readonly ExtensionRequest[]) =>
  makeAuthority(title, { extensions: extensions.map(extension) });
/** A sound root with one more extension. */
export const withMore = (title: string, id: string, value: Buffer, isCritical = false) =>
  withOnly(title, ...SOUND, { id, value, isCritical });
/** A sound root in which an extension has another value. */
export const withOther = (title: string, id: string, value: Buffer, isCritical?: boolean) =>
  withOnly(
    title,
    ...SOUND.map((each) => (each.id === id ? { id, value, isCritical: isCritical ?? each.isCritical ?? false } : each)),
  );

/** The identifier of an extension that no reader knows. */
export const UNKNOWN = '1.3.6.1.4.1.99999.1';
export const uri = (text: string) => contextText(6, text);
export const directoryName = context(4, name(['O', utf8('Example Corporation')]));
