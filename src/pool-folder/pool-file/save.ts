import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { readFileIfExists } from '../../files/read.ts';
import { writeFileWhole } from '../../files/write.ts';
import type { Answered } from '../../step/ask.ts';
import { isRepeated, namesFiles, placeOf } from '../../step/given.ts';
import type { Input, Inputs } from '../../step/input.ts';
import { POOL_FILE, SCHEMA_FILE } from '../names.ts';
import { type PoolDocument, parsePoolFile } from './document.ts';
import { type Edit, editPoolFile } from './edit.ts';
import { formatValue, type PoolValue } from './format-value.ts';
import { LOGIN } from './login.ts';
import { IMAGE, intoPoolFile } from './paths.ts';

/** What a new file starts with: its schema, as YAML's language server and the editors that use it read it. */
const FIRST_LINE = `# yaml-language-server: $schema=${SCHEMA_FILE}\n`;

/** One answer to save: no texts take it out of the file. */
export interface SavedAnswer {
  readonly name: string;
  readonly input: Input;
  readonly texts: readonly string[];
}

/** What became of answers. */
export interface Saved {
  /** The file's content with the answers in it. */
  readonly text: string;
  /** Places of answers that must not be in a file: a URL with a password. */
  readonly withheld: readonly string[];
  /** Paths that were saved and lead out of the folder, by their places. Those of secrets belong elsewhere. */
  readonly outside: readonly (readonly [place: string, path: string])[];
}

/**
 * Saves answers in the `spacectl.yaml` of a folder at once and atomically. The file is read again first: a person may have
 * edited it meanwhile, and everything else in it stays as it is.
 * @returns the places of answers that were left out because they hold a password
 * @throws UserError `SPACECTL_BAD_ANSWERS` for a file that cannot be edited, with the line to add by hand; and as
 * `writeFileWhole`
 */
export async function saveAnswers(dir: string, answers: readonly SavedAnswer[]): Promise<readonly string[]> {
  const file = path.join(dir, POOL_FILE);
  const present = await readFileIfExists(file);
  const { text, withheld } = withAnswers(present, answers, dir);
  if (text !== (present ?? FIRST_LINE).toString())
    await writeFileWhole(path.resolve(file), Buffer.from(text), { mode: 0o644, mayReplace: true });
  return withheld;
}

/** Returns the file of a folder with answers put into it. @param present its bytes, if it exists. @throws as `saveAnswers` */
export function withAnswers(present: Uint8Array | undefined, answers: readonly SavedAnswer[], dir: string): Saved {
  const file = path.join(dir, POOL_FILE);
  const withheld: string[] = [];
  const outside: Saved['outside'][number][] = [];
  let document = parsePoolFile(present ?? Buffer.from(FIRST_LINE), file);
  for (const answer of answers) {
    const edit = editOf(answer, dir, withheld);
    if (edit) document = apply(document, edit, file);
    if (edit) outside.push(...pathsOutside(answer, edit, dir));
  }
  return { text: document.text, withheld, outside };
}

/** Lists the answers that a run was given or that were chosen: not defaults, no empty ones, and not what is saved already. */
export function chosenAnswers(inputs: Inputs, { texts, origins }: Answered): readonly SavedAnswer[] {
  return Object.entries(inputs).flatMap(([name, input]) => {
    const given = texts[name];
    return given && given.length > 0 && origins[name] !== 'default' && origins[name] !== 'saved'
      ? [{ name, input, texts: given }]
      : [];
  });
}

function apply(document: PoolDocument, edit: Edit, file: string): PoolDocument {
  const edited = editPoolFile(document, edit);
  if (edited) return edited;
  const { section, key, value } = edit;
  throw new UserError('SPACECTL_BAD_ANSWERS', `${file}: "${section}" cannot be edited as it is written`, {
    suggestions: [value === undefined ? `Remove "${key}" from it` : `Add to it by hand: ${key}: ${formatValue(value)}`],
  });
}

/** Returns the edit for an answer. @returns `undefined` if it is not for the file */
function editOf({ name, input, texts }: SavedAnswer, dir: string, withheld: string[]): Edit | undefined {
  const place = placeOf(name, input);
  if (place === undefined) return undefined;
  const [section = '', key = ''] = place.split('.');
  const open = texts.filter((text) => !LOGIN.test(text));
  if (open.length < texts.length) withheld.push(place);
  const lasting = open.flatMap((text) => intoPoolFile(text, input, dir) ?? []);
  if (lasting.length === 0 && texts.length > 0) return undefined;
  return { section, key, value: valueFrom(lasting, input) };
}

/** Lists the paths of an edit that lead out of the folder: a checkout elsewhere lacks what is there. */
function pathsOutside({ input }: SavedAnswer, { section, key, value }: Edit, dir: string): Saved['outside'] {
  if (input.kind === 'secret' || !namesFiles(input) || value === undefined || typeof value === 'boolean') return [];
  const isOutside = (text: string) => path.relative(dir, path.resolve(dir, text)).split(path.sep)[0] === '..';
  const isPath = (text: string) => input.placeholder !== IMAGE || /^(?:\/|\.\.?\/)/.test(text);
  return [value].flat().flatMap((text) => (isPath(text) && isOutside(text) ? [[`${section}.${key}`, text]] : []));
}

function valueFrom(texts: readonly string[], input: Input): PoolValue {
  const [text] = texts;
  if (isRepeated(input)) return texts;
  return input.kind === 'boolean' && (text === 'true' || text === 'false') ? text === 'true' : text;
}
