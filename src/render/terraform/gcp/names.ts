import type { Pool } from '../../cloud/pool.ts';
import { expression, type Value } from '../../format/hcl/hcl.ts';

/** Names the account of the machines: a service account's ID has 30 characters at most. */
export function accountName(pool: Pool): Value {
  return nameWithin(pool, 18);
}

/** Names the instance group and its machines, to whose name the module adds: a template's prefix has 37 characters at most. */
export function groupName(pool: Pool): Value {
  return nameWithin(pool, 26);
}

/** `spacelift-` and the pool's own name, or twelve digits of its ID's digest where that is too long. */
function nameWithin({ slug, id }: Pool, length: number): Value {
  return slug.length <= length ? `spacelift-${slug}` : expression`"spacelift-\${substr(sha256(${id}), 0, 12)}"`;
}
