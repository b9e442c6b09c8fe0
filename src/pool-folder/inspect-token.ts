import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../core/errors.ts';
import { readFileIfExists, readInput } from '../files/read.ts';
import { type Inspected, inspectToken, KEY_FILE, privateKey } from '../pki/index.ts';
import { type Content, known } from '../step/content.ts';
import { optionalText } from '../step/input.ts';
import { inquiry } from '../step/inquiry.ts';
import { anyText } from '../step/parsers.ts';
import { directory } from '../step/shared.ts';
import { stepsToToken } from './missing-token.ts';
import { POOL_FILE } from './names.ts';
import { tokenFileIn, tokenFilesIn } from './token.ts';

/** A token, and where it was read. */
export interface InspectedToken extends Inspected {
  /** `-` is standard input. */
  readonly file: string;
}

/** Reads a worker pool token and returns what is not secret. */
export const inspection = inquiry({
  inputs: {
    file: optionalText({
      summary: "Token file (default: that of the pool's directory, else standard input); - is standard input",
      placeholder: 'FILE',
      positional: true,
      parse: anyText,
    }),
    dir: directory,
    key: { ...privateKey, description: `Default: ${KEY_FILE} next to the token, else in the directory.` },
  },
  async run(given): Promise<InspectedToken> {
    const { dir } = given;
    const file = tokenSource(given);
    const bytes = await readSource(file, given);
    const nextToToken = path.join(file === '-' ? dir : path.dirname(file), KEY_FILE);
    const key = given.key ?? ((await readFileIfExists(nextToToken)) ? nextToToken : path.join(dir, KEY_FILE));
    const keyBytes = given.key === undefined ? await readFileIfExists(key) : await readInput(key);
    return { file, ...(await inspectToken(bytes, keyBytes && { name: key, bytes: keyBytes })) };
  },
});

/**
 * Returns the file that a token is read from, `-` for standard input: the one that was given, else that of a directory that
 * was named or is a pool's.
 * @throws UserError as `tokenFileIn`
 */
export function tokenSource({ file, dir }: { readonly file?: string | undefined; readonly dir: string }): string {
  if (file !== undefined) return file;
  const isPool = path.resolve(dir) !== process.cwd() || existsSync(path.join(dir, POOL_FILE));
  return isPool || tokenFilesIn(dir).length > 0 ? tokenFileIn(dir) : '-';
}

/** @throws UserError `SPACECTL_CANNOT_READ`, with the way to a token where the directory has none */
async function readSource(source: string, { file, dir }: { file?: string | undefined; dir: string }): Promise<Buffer> {
  if (file !== undefined || source === '-') return readInput(source);
  const bytes = await readFileIfExists(source);
  if (bytes) return bytes;
  throw new UserError('SPACECTL_CANNOT_READ', `Cannot read ${source}: no such file or directory`, {
    suggestions: [...(await stepsToToken(dir, { read: readKnown })), 'To read standard input, pass -'],
  });
}

async function readKnown(file: string): Promise<Content | undefined> {
  const bytes = await readFileIfExists(file);
  return bytes && known(bytes);
}
