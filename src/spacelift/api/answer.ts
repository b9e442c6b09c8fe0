import * as v from 'valibot';
import { BadJson, checkJson, readJson } from '../../core/json.ts';

const graphQlError = v.looseObject({
  message: v.optional(v.unknown()),
  path: v.optional(v.unknown()),
  extensions: v.optional(v.unknown()),
});

/** A response of a GraphQL server (GraphQL specification, section 7.1). */
const answerSchema = v.looseObject({
  data: v.nullish(v.record(v.string(), v.unknown())),
  errors: v.nullish(v.array(graphQlError)),
});

export type Answer = v.InferOutput<typeof answerSchema>;
export type GraphQlError = v.InferOutput<typeof graphQlError>;

/** Reads a response. @returns the problem if it is not GraphQL, such as a proxy's page */
export function readAnswer(body: Buffer): Answer | BadJson {
  try {
    const answer = readJson(answerSchema, body.toString('utf8'));
    return answer.data === undefined && !answer.errors ? new BadJson('it has neither data nor errors') : answer;
  } catch (error) {
    if (error instanceof BadJson) return error;
    throw error;
  }
}

/** Checks the value of a top-level field. @returns the problem if it has another type, or is missing */
export function readField<T>(
  { data }: Answer,
  field: string,
  schema: v.GenericSchema<unknown, T>,
): { readonly value: T } | BadJson {
  try {
    return { value: checkJson(v.object({ [field]: schema }), data ?? {})[field] as T };
  } catch (error) {
    if (error instanceof BadJson) return error;
    throw error;
  }
}

/** Returns the text of an error, which a server may leave out. */
export function messageOf({ message }: GraphQlError): string {
  return typeof message === 'string' && message !== '' ? message : 'no reason given';
}

/** Reports whether one of the errors stands for a bad token or a missing permission: only its message shows it. */
export function isUnauthorized(errors: readonly GraphQlError[]): boolean {
  return errors.some((error) => /\bunauthori[sz]ed\b/i.test(messageOf(error)));
}

/** Reports whether all errors lie below the top-level field: it was carried out, and part of its answer is missing. */
export function areBelowField(errors: readonly GraphQlError[]): boolean {
  return errors.length > 0 && errors.every(({ path }) => Array.isArray(path) && path.length > 1);
}

/**
 * Returns the fields and arguments that the server does not know, if that is all that is wrong (GraphQL specification,
 * sections 5.3.1 and 5.4.1; the messages of graphql-js, graphql-go and gqlgen).
 */
export function unknownNames(errors: readonly GraphQlError[]): readonly string[] {
  const messages = errors.map(messageOf);
  // What follows from a field that is missing: a type of its arguments, or a variable that nothing uses.
  const causes = messages.filter((message) => !/^(?:Unknown type|Variable) ["'`]/i.test(message));
  const names = causes.map(
    (message) => /^(?:Cannot query field|Unknown argument|Unknown field) ["'`](\w+)["'`]/i.exec(message)?.[1],
  );
  const known = names.filter((name) => name !== undefined);
  return known.length === names.length ? known : [];
}
