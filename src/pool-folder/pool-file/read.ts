import path from 'node:path';
import { isMap, isScalar, isSeq } from 'yaml';
import { findNearest } from '../../core/nearest.ts';
import { readFileIfExists, readInput } from '../../files/read.ts';
import { type FileAnswers, isRepeated, placeOf } from '../../step/given.ts';
import type { Input, Inputs } from '../../step/input.ts';
import { POOL_FILE } from '../names.ts';
import { bad, type PoolDocument, parsePoolFile } from './document.ts';
import { fromPoolFile } from './paths.ts';

/** Inputs that the file may give, by their places, `section.key`. */
export type Places = ReadonlyMap<string, Input>;

/** Returns the inputs that the file may give, by their places. */
export function placesOf(inputs: Inputs): Places {
  return new Map(
    Object.entries(inputs).flatMap(([name, input]) => {
      const place = placeOf(name, input);
      return place === undefined ? [] : [[place, input] as const];
    }),
  );
}

/** What a reader of the file asks for, and what others do: one file serves every command. */
export interface Reader {
  readonly inputs: Inputs;
  /** The places of all commands. */
  readonly known: () => Promise<ReadonlySet<string>>;
}

/** What a file says. */
export interface PoolFile {
  readonly answers: FileAnswers;
  /** What is in it that no command reads. It is kept. */
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
  const unread: string[] = [];
  const { contents } = document;
  for (const { key: section, value } of isMap(contents) ? contents.items : []) {
    const name = String(section);
    if (name.startsWith('x-') || (isScalar(value) && value.value === null)) continue;
    if (!isMap(value)) throw bad(file, `"${name}" is not a section: its keys belong under it, indented`);
    for (const pair of value.items) {
      const place = `${name}.${String(pair.key)}`;
      const input = places.get(place);
      if (input)
        answers[place] = textsOf(pair.value, input, place, file).map((each) => fromPoolFile(each, input, folder));
      else if (!String(pair.key).startsWith('x-')) if (isUnread(place, await known(), file)) unread.push(place);
    }
  }
  return { answers, warnings: unread.length > 0 ? [`${file}: nothing reads ${unread.join(', ')}`] : [] };
}

function textsOf(value: unknown, input: Input, place: string, file: string): readonly string[] {
  const items = isSeq(value) ? value.items : [value];
  if (isSeq(value) && !isRepeated(input)) throw bad(file, `${place} takes one value, not a list`);
  return items.map((item) => {
    if (isScalar(item) && typeof item.value === 'string') return item.value;
    throw bad(file, `${place} holds ${isMap(item) || isSeq(item) ? 'a mapping or a list' : 'nothing'}, not a value`);
  });
}

/** Reports whether no command reads a key. It is an error if a known one is close, which is then what was meant. */
function isUnread(place: string, known: ReadonlySet<string>, file: string): boolean {
  if (known.has(place)) return false;
  const key = place.slice(place.indexOf('.'));
  const meant = [...known].find((each) => each.endsWith(key)) ?? findNearest(place, [...known]);
  if (meant !== undefined) throw bad(file, `nothing reads ${place}; did you mean ${meant}?`);
  return true;
}
