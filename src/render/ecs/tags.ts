import { UserError } from '../../core/errors.ts';
import { block, type Item } from '../format/hcl/hcl.ts';
import { use } from '../format/hcl/variables.ts';

/** A tag of AWS resources. */
export type Tag = readonly [key: string, value: string];

/**
 * Parses `KEY=VALUE` by the rules that hold for tags of all services (AWS Tagging Best Practices, "Tag naming limits and
 * requirements"): 128 and 256 characters, and nothing that begins with `aws:`.
 * @throws UserError `SPACECTL_BAD_INPUT`
 */
export function parseTag(given: string): Tag {
  const [, key = '', value = ''] =
    /^([\p{L}\p{N} _.:/+\-@]{1,128})=([\p{L}\p{N} _.:/=+\-@]{0,256})$/u.exec(given) ?? [];
  if (key === '') {
    throw new UserError(
      'SPACECTL_BAD_INPUT',
      `--tag "${given}" is not KEY=VALUE: a key has up to 128, a value up to 256 letters, digits, spaces or characters of _ . : / = + - @`,
    );
  }
  if (/^aws:/i.test(key))
    throw new UserError('SPACECTL_BAD_INPUT', `--tag "${given}": AWS reserves tags that begin with aws:`);
  if (key === ECS_TAG) throw new UserError('SPACECTL_BAD_INPUT', `--tag "${given}": ECS sets this tag itself`);
  return [key, value];
}

/** The tag that ECS looks for on an Auto Scaling group of a capacity provider. */
export const ECS_TAG = 'AmazonECSManaged';

/** Returns the tags by key. @throws UserError `SPACECTL_BAD_INPUT` for two values of one key */
export function tagsByKey(tags: readonly Tag[]): Readonly<Record<string, string>> {
  const twice = tags.find(([key], index) => tags.findIndex((each) => each[0] === key) !== index);
  if (twice) throw new UserError('SPACECTL_BAD_INPUT', `--tag ${twice[0]} was passed twice`);
  return Object.fromEntries(tags);
}

/** Returns the tags of what a launch template starts: the provider's default tags do not reach these. */
export function launchTags(tags: Readonly<Record<string, string>>): readonly Item[] {
  if (Object.keys(tags).length === 0) return [];
  return ['instance', 'volume', 'network-interface'].map((type) =>
    block('tag_specifications', [], { resource_type: type, tags }),
  );
}

/** Returns the provider. Its default tags reach everything but what the Auto Scaling group starts. */
export function taggingProvider(tags: Readonly<Record<string, string>>): Item {
  const tagged = Object.keys(tags).length > 0 ? [block('default_tags', [], { tags })] : [];
  return block('provider', ['aws'], { region: use('region') }, ...tagged);
}
