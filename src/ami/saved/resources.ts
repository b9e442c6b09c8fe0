import * as v from 'valibot';
import { type Attributes, attributes } from './attributes.ts';
import { badDocument, listOf, readDocument, text } from './document.ts';

/** A resource in a Terraform state, once for each of its instances. */
export interface Resource {
  readonly type: string;
  /** `module.workers.aws_launch_template.this`, without indexes where it comes from a state file. */
  readonly address: string;
  readonly attributes: Attributes;
}

// A state has `instances`, and the output of terraform show has `values`.
const resource = v.fallback(
  v.object({
    type: text,
    name: text,
    module: text,
    address: text,
    instances: listOf(v.fallback(v.object({ attributes: v.optional(attributes) }), {})),
    values: v.optional(attributes),
  }),
  { type: undefined, name: undefined, module: undefined, address: undefined, instances: [] },
);

interface Module {
  readonly resources: readonly v.InferOutput<typeof resource>[];
  readonly child_modules: readonly Module[];
}

const module: v.GenericSchema<unknown, Module> = v.fallback(
  v.object({ resources: listOf(resource), child_modules: listOf(v.lazy(() => module)) }),
  { resources: [], child_modules: [] },
);

const stateOrShow = v.object({
  resources: v.optional(listOf(resource)),
  values: v.nullish(v.object({ root_module: v.optional(module) })),
});

/**
 * Reads the resources of a Terraform state (format 4), or of the output of `terraform show -json` for one.
 * @throws UserError `SPACECTL_BAD_DATA`
 */
export async function readResources(file: string): Promise<readonly Resource[]> {
  const what = 'a Terraform state or the output of terraform show -json';
  const { resources, values } = await readDocument(stateOrShow, file, what);
  if (!resources && values === undefined) throw badDocument(file, `is not ${what}: it has no resources`);
  return [...resourcesOf(resources ?? []), ...(values?.root_module ? resourcesInModule(values.root_module) : [])];
}

function resourcesInModule({ resources, child_modules }: Module): readonly Resource[] {
  return [...resourcesOf(resources), ...child_modules.flatMap(resourcesInModule)];
}

function resourcesOf(resources: Module['resources']): readonly Resource[] {
  return resources.flatMap(({ type = '', name = '', module: inside, address = type, instances, values }) => [
    ...instances.map(({ attributes: each = NO_ATTRIBUTES }) => ({
      type,
      address: `${inside ? `${inside}.` : ''}${type}.${name}`,
      attributes: each,
    })),
    ...(values ? [{ type, address, attributes: values }] : []),
  ]);
}

const NO_ATTRIBUTES = v.parse(attributes, {});
