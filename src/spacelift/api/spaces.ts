import * as v from 'valibot';
import type { Api } from './api.ts';
import type { Operation } from './operation.ts';

/** A space of an account. */
export interface Space {
  readonly id: string;
  readonly name: string;
}

/** The query of Spacelift's CLI (spacelift-io/spacectl@85a1c40, internal/cmd/space/mcp.go). */
const LIST: Operation<readonly Space[]> = {
  kind: 'query',
  field: 'spaces',
  document: () => 'query { spaces { id name } }',
  act: 'list spaces',
  isRepeatable: true,
  schema: v.array(v.object({ id: v.string(), name: v.string() })),
};

/** Lists all spaces that the credentials can see, by name. */
export async function listSpaces(api: Api, signal: AbortSignal): Promise<readonly Space[]> {
  const spaces = await api.send(LIST, {}, signal);
  return [...spaces].sort((one, other) => one.name.localeCompare(other.name));
}
