import * as v from 'valibot';
import { UserError } from '../../core/errors.ts';
import { BadJson, readJson } from '../../core/json.ts';
import { readInput } from '../../files/read.ts';

/** An object with any fields: the file is Docker's, and is shipped as it is. */
const settings = v.pipe(
  v.looseObject({}),
  v.check((value) => !Array.isArray(value)),
);

/** Reads a Docker `config.json`. @throws UserError `SPACECTL_BAD_DATA`, which quotes nothing of it: it holds passwords */
export async function readDockerConfig(file: string): Promise<Buffer> {
  const bytes = await readInput(file);
  try {
    readJson(settings, bytes.toString('utf8'));
  } catch (cause) {
    if (!(cause instanceof BadJson)) throw cause;
    throw new UserError('SPACECTL_BAD_DATA', `${file} is not a Docker config.json`, { cause });
  }
  return bytes;
}
