import { UserError } from '../core/errors.ts';
import { readInput } from '../files/read.ts';
import type { Image } from './life.ts';

/** Images and the ids of images that something runs, as a file has them. */
export interface Found {
  /** Images that the file describes. */
  readonly images: readonly Image[];
  /** Ids of images in use, and by what. */
  readonly used: readonly { readonly id: string; readonly by: string }[];
}

/** Reads what `aws ec2 describe-images` printed. @throws UserError `SPACECTL_BAD_DATA` */
export async function readDescribedImages(file: string): Promise<readonly Image[]> {
  const document = await readJson(file);
  const images = field(document, 'Images');
  if (!Array.isArray(images)) {
    throw bad(file, 'has no list of Images', [
      'aws ec2 describe-images --include-deprecated --output json > images.json',
    ]);
  }
  return images.map((each) => ({
    id: text(field(each, 'ImageId')),
    name: text(field(each, 'Name')),
    architecture: text(field(each, 'Architecture')),
    createdAt: date(field(each, 'CreationDate')),
    deprecatedAt: date(field(each, 'DeprecationTime')),
  }));
}

/**
 * Reads a Terraform state (format 4), or what `terraform show -json` printed of one: images that were looked up, and
 * those that launch templates, launch configurations and instances start from.
 * @throws UserError `SPACECTL_BAD_DATA`
 */
export async function readTerraformState(file: string): Promise<Found> {
  const document = await readJson(file);
  const resources = [...resourcesOf(document)];
  if (resources.length === 0 && field(document, 'resources') === undefined && field(document, 'values') === undefined) {
    throw bad(file, 'is neither a Terraform state nor the output of terraform show -json');
  }
  const images = resources.flatMap(({ type, values }): Image[] => {
    if (type !== 'aws_ami') return [];
    return [
      {
        id: text(field(values, 'id')),
        name: text(field(values, 'name')),
        architecture: text(field(values, 'architecture')),
        createdAt: date(field(values, 'creation_date')),
        deprecatedAt: date(field(values, 'deprecation_time')),
      },
    ];
  });
  const used = resources.flatMap(({ type, address, values }) => {
    const id = text(field(values, IMAGE_FIELDS[type] ?? ''));
    return id ? [{ id, by: address }] : [];
  });
  return { images, used };
}

/** Where resources keep the id of the image they start from. */
const IMAGE_FIELDS: Readonly<Record<string, string>> = {
  aws_launch_template: 'image_id',
  aws_launch_configuration: 'image_id',
  aws_instance: 'ami',
};

interface Resource {
  readonly type: string;
  readonly address: string;
  readonly values: unknown;
}

/** Every resource of either format, in any module. */
function* resourcesOf(document: unknown): Generator<Resource> {
  for (const resource of array(field(document, 'resources'))) {
    const [type, name] = [text(field(resource, 'type')) ?? '', text(field(resource, 'name')) ?? ''];
    for (const instance of array(field(resource, 'instances'))) {
      yield { type, address: `${type}.${name}`, values: field(instance, 'attributes') };
    }
    if (field(resource, 'values') !== undefined) {
      yield { type, address: text(field(resource, 'address')) ?? type, values: field(resource, 'values') };
    }
  }
  for (const module of array(field(document, 'child_modules'))) yield* resourcesOf(module);
  const root = field(field(document, 'values'), 'root_module');
  if (root !== undefined) yield* resourcesOf(root);
}

async function readJson(file: string): Promise<unknown> {
  const content = (await readInput(file)).toString('utf8');
  try {
    return JSON.parse(content);
  } catch (cause) {
    throw bad(file, 'is not JSON', [], cause);
  }
}

function field(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, name)
    ? (value as Record<string, unknown>)[name]
    : undefined;
}

function array(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' && value !== '' ? value : undefined;
}

function date(value: unknown): Date | undefined {
  const parsed = new Date(text(value) ?? Number.NaN);
  return Number.isNaN(parsed.getTime()) ? undefined : parsed;
}

function bad(file: string, what: string, suggestions: readonly string[] = [], cause?: unknown): UserError {
  return new UserError('SPACECTL_BAD_DATA', `${file} ${what}`, { suggestions, cause });
}
