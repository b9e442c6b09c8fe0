import * as v from 'valibot';
import { dateFrom } from '../core/date.ts';
import { UserError } from '../core/errors.ts';
import { readJson } from '../core/json.ts';
import { readInput } from '../files/read.ts';
import type { Image } from './lifecycle.ts';

/** The images in a file, and what uses them. */
export interface Found {
  /** Images that the file describes. */
  readonly images: readonly Image[];
  /** IDs of images in use, and the resource that uses each. */
  readonly used: readonly { readonly id: string; readonly by: string }[];
}

// Only what is needed is looked at; a value of another type counts as missing.
const text = v.fallback(v.optional(v.pipe(v.string(), v.nonEmpty())), undefined);

/** A list; a value of another type counts as an empty one. */
function listOf<const Item extends v.GenericSchema>(item: Item) {
  return v.fallback(v.array(item), []);
}

const described = v.fallback(
  v.object({ ImageId: text, Name: text, Architecture: text, CreationDate: text, DeprecationTime: text }),
  {},
);
const describeImages = v.object({ Images: v.array(described) });

/** Reads the output of `aws ec2 describe-images`. @throws UserError `SPACECTL_BAD_DATA` */
export async function readDescribedImages(file: string): Promise<readonly Image[]> {
  const { Images } = await readDocument(describeImages, file, 'the output of aws ec2 describe-images', [
    'aws ec2 describe-images --include-deprecated --output json > images.json',
  ]);
  return Images.map((each) => ({
    id: each.ImageId,
    name: each.Name,
    architecture: each.Architecture,
    createdAt: dateOf(each.CreationDate),
    deprecatedAt: dateOf(each.DeprecationTime),
  }));
}

const attributes = v.fallback(
  v.object({
    id: text,
    name: text,
    architecture: text,
    creation_date: text,
    deprecation_time: text,
    image_id: text,
    ami: text,
  }),
  {},
);
type Attributes = v.InferOutput<typeof attributes>;

// A state has `instances`, and the output of terraform show has `values`.
const resource = v.fallback(
  v.object({
    type: text,
    name: text,
    address: text,
    instances: listOf(v.fallback(v.object({ attributes: v.optional(attributes) }), {})),
    values: v.optional(attributes),
  }),
  { type: undefined, name: undefined, address: undefined, instances: [] },
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
 * Reads a Terraform state (format 4), or the output of `terraform show -json` for one: images that were looked up, and
 * those that launch templates, launch configurations and instances start from.
 * @throws UserError `SPACECTL_BAD_DATA`
 */
export async function readTerraformState(file: string): Promise<Found> {
  const what = 'a Terraform state or the output of terraform show -json';
  const { resources, values } = await readDocument(stateOrShow, file, what);
  if (!resources && values === undefined) throw bad(file, `is not ${what}: it has no resources`);
  const all = [...usesOf(resources ?? []), ...(values?.root_module ? usesInModule(values.root_module) : [])];
  return {
    images: all.flatMap(({ type, attributes }) => (type === 'aws_ami' ? [imageOf(attributes)] : [])),
    used: all.flatMap(({ type, address, attributes }) => {
      const id = imageIdOf(type, attributes);
      return id ? [{ id, by: address }] : [];
    }),
  };
}

/** One use of a resource: an instance in a state, or the resource itself in the output of terraform show. */
interface ResourceUse {
  readonly type: string;
  readonly address: string;
  readonly attributes: Attributes;
}

function usesInModule({ resources, child_modules }: Module): readonly ResourceUse[] {
  return [...usesOf(resources), ...child_modules.flatMap(usesInModule)];
}

function usesOf(resources: Module['resources']): readonly ResourceUse[] {
  return resources.flatMap(({ type = '', name = '', address = type, instances, values }) => [
    ...instances.map(({ attributes = {} }) => ({ type, address: `${type}.${name}`, attributes })),
    ...(values ? [{ type, address, attributes: values }] : []),
  ]);
}

function imageOf({ id, name, architecture, creation_date, deprecation_time }: Attributes): Image {
  return { id, name, architecture, createdAt: dateOf(creation_date), deprecatedAt: dateOf(deprecation_time) };
}

/** Returns the ID of the image that a resource starts from. */
function imageIdOf(type: string, { image_id, ami }: Attributes): string | undefined {
  if (type === 'aws_launch_template' || type === 'aws_launch_configuration') return image_id;
  return type === 'aws_instance' ? ami : undefined;
}

async function readDocument<const Schema extends v.GenericSchema>(
  schema: Schema,
  file: string,
  what: string,
  suggestions: readonly string[] = [],
): Promise<v.InferOutput<Schema>> {
  const content = (await readInput(file)).toString('utf8');
  try {
    // Modules are read recursively.
    return readJson(schema, content, { maxDepth: 200 });
  } catch (cause) {
    throw bad(file, `is not ${what}: ${(cause as Error).message}`, suggestions, cause);
  }
}

function dateOf(value: string | undefined): Date | undefined {
  return value === undefined ? undefined : dateFrom(value);
}

function bad(file: string, problem: string, suggestions: readonly string[] = [], cause?: unknown): UserError {
  return new UserError('SPACECTL_BAD_DATA', `${file} ${problem}`, { suggestions, cause });
}
