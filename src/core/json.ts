import * as v from 'valibot';

/**
 * Reads JSON from disk or network, and checks it against a schema. Fields that the schema does not name are allowed where
 * it is a `looseObject`.
 * @throws BadJson, which says where it differs, and shows nothing of the text: it may hold secrets
 */
export function readJson<const Schema extends v.GenericSchema>(schema: Schema, text: string): v.InferOutput<Schema> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw new BadJson('it is not JSON; it may be cut off');
  }
  return checkJson(schema, document);
}

/** Checks a document that was read already. @throws BadJson as `readJson` */
export function checkJson<const Schema extends v.GenericSchema>(
  schema: Schema,
  document: unknown,
): v.InferOutput<Schema> {
  const result = v.safeParse(schema, document, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const place = v.getDotPath(issue);
  throw new BadJson(`${place ? `"${place}"` : 'it'} is not ${issue.expected ?? 'what is expected there'}`);
}

/** A document that is not what it should be; the message follows a colon. Callers make it an error of their own. */
export class BadJson extends Error {
  override readonly name = 'BadJson';
}
