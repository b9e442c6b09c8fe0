import path from 'node:path';
import { isMap, isScalar, isSeq } from 'yaml';
import { readFileIfExists, readInput } from '../../files/read.ts';
import { type FileAnswers, isRepeated } from '../../step/given.ts';
import type { Inputs } from '../../step/input.ts';
import { POOL_FILE } from '../names.ts';
import { bad, type PoolDocument, parsePoolFile } from './document.ts';
import { LOGIN } from './login.ts';
import { fromPoolFile } from './paths.ts';
import { type Place, placesOf } from './places.ts';
import { isUnknownKey, type KnownKeys } from './unknown-keys.ts';

/** What a reader of the file asks for, and what others do: one file serves every command. */
export interface Reader {
  readonly inputs: Inputs;
  readonly known: () => Promise<KnownKeys>;
}

/** What a file says. */
export interface PoolFile {
  readonly answers: FileAnswers;
  /** Names what is in it that no command reads, which is kept. */
  readonly warnings: readonly string[];
}

/** Reads the `spacectl.yaml` of a folder; without one, nothing is answered. @throws UserError as `readPoolAnswers` */
export async function readPoolFile(dir: string, reader: Reader): Promise<PoolFile> {
  const file = path.join(dir, POOL_FILE);
  const bytes = await readFileIfExists(file);
  return bytes ? answersIn(parsePoolFile(bytes, file), reader, file, dir) : { answers: {}, warnings: [] };
}

/** Reads a file of the same schema elsewhere (`-`: standard input). @throws UserError `SPACECTL_BAD_ANSWERS` */
export async function readPoolAnswers(file: string, reader: Reader): Promise<PoolFile> {
  const named = file === '-' ? 'standard input' : file;
  return answersIn(parsePoolFile(await readInput(file), named), reader, named, file === '-' ? '' : path.dirname(file));
}

async function answersIn(
  { document }: PoolDocument,
  { inputs, known }: Reader,
  file: string,
  folder: string,
): Promise<PoolFile> {
  const places = placesOf(inputs);
  const answers: Record<string, readonly string[]> = {};
  const unknown: string[] = [];
  const { contents } = document;
  for (const { key: section, value } of isMap(contents) ? contents.items : []) {
    const name = String(section);
    if (name.startsWith('x-') || (isScalar(value) && value.value === null)) continue;
    if (!isMap(value)) {
      const keys = await known();
      if ([...keys.flags.keys()].some((place) => place.startsWith(`${name}.`)))
        throw bad(file, `"${name}" is not a section: its keys belong under it, indented`);
      if (isUnknownKey(name, keys, file)) unknown.push(name);
      continue;
    }
    for (const pair of value.items) {
      const place = `${name}.${String(pair.key)}`;
      if (String(pair.key).startsWith('x-')) continue;
      refuseLogins(pair.value, place, file);
      const read = places.get(place);
      if (read)
        answers[place] = textsOf(pair.value, read, place, file).map((each) => fromPoolFile(each, read.input, folder));
      else if (isUnknownKey(place, await known(), file)) unknown.push(place);
    }
  }
  return { answers, warnings: unknown.map((place) => `${file}: unknown key ${place}, ignored`) };
}

function textsOf(value: unknown, { input }: Place, place: string, file: string): readonly string[] {
  const items = isSeq(value) ? value.items : [value];
  if (isSeq(value) && !isRepeated(input)) throw bad(file, `${place} takes one value, not a list`);
  return items.map((item) => {
    if (isScalar(item) && typeof item.value === 'string') return item.value;
    throw bad(file, `${place} holds ${isMap(item) || isSeq(item) ? 'a mapping or a list' : 'nothing'}, not a value`);
  });
}

/** @throws UserError `SPACECTL_BAD_ANSWERS` for a URL with a password, which would get into a repository; it is not shown */
function refuseLogins(value: unknown, place: string, file: string): void {
  const items = isSeq(value) ? value.items : [value];
  if (!items.some((item) => isScalar(item) && typeof item.value === 'string' && LOGIN.test(item.value))) return;
  throw bad(file, `${place} is a URL with a user name or a password, which does not belong in this file`, {
    suggestions: ['Remove it from the file, and pass it to every run as a flag or a variable (see --help)'],
  });
}
