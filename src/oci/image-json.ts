import type * as v from 'valibot';
import { readJson } from '../core/json.ts';
import { badImage } from './bad-image.ts';

/**
 * Reads JSON that describes an image.
 * @param what names it in errors, and starts a sentence: `The manifest of …`
 * @throws UserError `SPACECTL_BAD_IMAGE` where it is not what the schema says
 */
export function readImageJson<const Schema extends v.GenericSchema>(
  schema: Schema,
  bytes: Buffer,
  what: string,
): v.InferOutput<Schema> {
  try {
    return readJson(schema, bytes.toString('utf8'));
  } catch (cause) {
    throw badImage(`${what} is malformed: ${(cause as Error).message}`, { cause });
  }
}
