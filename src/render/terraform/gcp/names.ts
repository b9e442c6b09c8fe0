import type { Pool } from '../../cloud/pool.ts';
import { expression, type Value } from '../../format/hcl/hcl.ts';

/** Returns the ID of the machines' service account, which has at most 30 characters. */
export function accountName(pool: Pool): Value {
  return nameWithin(pool, 18);
}

/** Returns the name of the instance group and its machines. The module adds to it, and a template's prefix has at most 37 characters. */
export function groupName(pool: Pool): Value {
  return nameWithin(pool, 26);
}

/** Returns `spacelift-` and the pool's name, or twelve digits of the digest of its ID if the name is too long. */
function nameWithin({ slug, id }: Pool, length: number): Value {
  return slug.length <= length ? `spacelift-${slug}` : expression`"spacelift-\${substr(sha256(${id}), 0, 12)}"`;
}
