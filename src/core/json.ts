import * as v from 'valibot';

/**
 * Parses JSON from disk or network and checks it against a schema. A `looseObject` allows fields that it does not name.
 * @param options `maxDepth`: how many levels values may be nested in, for readers and writers that are recursive
 * @throws BadJson that says where the document differs, and quotes nothing of it: it may contain secrets
 */
export function readJson<const Schema extends v.GenericSchema>(
  schema: Schema,
  text: string,
  { maxDepth = Number.POSITIVE_INFINITY }: { readonly maxDepth?: number } = {},
): v.InferOutput<Schema> {
  let document: unknown;
  try {
    document = JSON.parse(text);
  } catch {
    // The parser's own message quotes the text.
    throw new BadJson('it is not JSON; it may be cut off');
  }
  if (maxDepth < Number.POSITIVE_INFINITY && isDeeper(document, maxDepth))
    throw new BadJson(`it is nested more than ${maxDepth} levels deep`);
  return checkJson(schema, document);
}

/** Reports whether a text is JSON. What is cut off is not. */
export function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** Reports whether values are nested in more levels. `JSON.parse` has no limit, but what is recursive has. */
function isDeeper(document: unknown, levels: number): boolean {
  let level = [document];
  for (let depth = 0; depth <= levels && level.length > 0; depth++) {
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
  }
  return level.length > 0;
}

/** Checks a parsed document against a schema. @throws BadJson as `readJson` */
export function checkJson<const Schema extends v.GenericSchema>(
  schema: Schema,
  document: unknown,
): v.InferOutput<Schema> {
  // To valibot, an array is an object.
  if (Array.isArray(document) && /object$/.test(schema.type)) throw new BadJson('it is not an object');
  const result = v.safeParse(schema, document, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  const place = v.getDotPath(issue);
  throw new BadJson(`${place ? `"${place}"` : 'it'} ${problemOf(issue)}`);
}

/** Names of JSON types, by valibot's. */
const TYPES: Readonly<Record<string, string>> = {
  Object: 'an object',
  Array: 'an array',
  string: 'a string',
  number: 'a number',
  boolean: 'a boolean',
};

function problemOf({ expected, received, path, message }: v.BaseIssue<unknown>): string {
  // A schema's own message completes the sentence. Valibot's are about its types.
  if (!message.startsWith('Invalid ')) return message;
  // For a missing field, valibot expects the field's name.
  if (received === 'undefined' && expected === `"${String(path?.at(-1)?.key)}"`) return 'is missing';
  return `is not ${TYPES[expected ?? ''] ?? expected ?? 'valid'}`;
}

/** Reports a document that does not match its schema. The message follows a colon. Callers turn it into a UserError. */
export class BadJson extends Error {
  override readonly name = 'BadJson';
}
