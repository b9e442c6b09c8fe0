import { existsSync } from 'node:fs';
import path from 'node:path';
import * as v from 'valibot';
import { BadJson, readJson } from '../../core/json.ts';
import { counted } from '../../core/text.ts';
import { readFileIfExists } from '../../files/read.ts';
import { TARGETS, type TargetName } from '../../render/index.ts';
import { type Finding, good, unknown } from './thing.ts';

const STATE = 'terraform.tfstate';

const schema = v.looseObject({ resources: v.fallback(v.array(v.unknown()), []) });

/**
 * Looks for what Terraform has applied, in the state beside a configuration. Someone else may have applied it, or from another
 * checkout, so that nothing is to do where there is none.
 */
export async function stateOf(dir: string, name: TargetName): Promise<Finding> {
  const { writes } = TARGETS[name];
  const folder = path.join(dir, writes);
  const bytes = await readFileIfExists(path.join(folder, STATE));
  if (!bytes) {
    // `terraform init` notes the backend there.
    if (existsSync(path.join(folder, '.terraform', STATE))) return unknown('in a backend, which is not read');
    return unknown(`not applied from here: ${writes}/${STATE} does not exist`);
  }
  const resources = resourcesIn(bytes);
  if (!resources) return unknown(`${writes}/${STATE} cannot be read: it is not JSON`);
  if (resources.length === 0) return unknown(`${writes}/${STATE} has no resources: not applied, or destroyed`);
  return good(`${writes}/${STATE} has ${counted(resources.length, 'resource')}`);
}

function resourcesIn(bytes: Buffer): readonly unknown[] | undefined {
  try {
    return readJson(schema, bytes.toString('utf8')).resources;
  } catch (error) {
    if (error instanceof BadJson) return undefined;
    throw error;
  }
}
