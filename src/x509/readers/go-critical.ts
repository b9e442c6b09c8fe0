import { TAG } from '../der.ts';
import { Bytes } from './cryptobyte.ts';
import { extensionName, ID } from './extension-names.ts';
import type { Extension, Shape } from './shape.ts';

/** Critical extensions that Go handles in all versions, or, from 1.24 on, the last three. */
const HANDLED: readonly string[] = [
  ID.keyUsage,
  ID.basicConstraints,
  ID.alternativeNames,
  ID.nameConstraints,
  ID.revocationLists,
  ID.authorityKey,
  ID.purposes,
  ID.subjectKey,
  ID.policies,
  ID.policyConstraints,
  ID.policyMappings,
  ID.anyPolicy,
  ID.authorityInformation,
];

/** Says which critical extension Go does not handle. */
export function unhandledByGo(shape: Shape): string | undefined {
  const unknown = findExtension(shape, ({ id, isCritical }) => isCritical && !HANDLED.includes(id), 'is critical');
  return unknown ?? findExtension(shape, isUnhandledContent, 'is critical, and limits other names than Go can check');
}

/** Reports whether a critical extension holds only names that Go does not handle. */
function isUnhandledContent({ id, isCritical, value }: Extension): boolean {
  if (!isCritical) return false;
  const known: readonly number[] = [0x81, 0x82, 0x86, 0x87];
  if (id === ID.alternativeNames) return !tagsIn(value).some((tag) => known.includes(tag));
  return id === ID.nameConstraints && subtreeTags(value).some((tag) => !known.includes(tag));
}

function tagsIn(value: Buffer): readonly number[] {
  const list = new Bytes(value).open(TAG.sequence);
  const tags: number[] = [];
  for (let name = list?.read(); name; name = list?.read()) tags.push(name.tag);
  return tags;
}

function subtreeTags(value: Buffer): readonly number[] {
  const list = new Bytes(value).open(TAG.sequence);
  const tags: number[] = [];
  for (let subtrees = list?.read(); subtrees; subtrees = list?.read()) {
    const each = new Bytes(subtrees.content);
    for (let base = each.open(TAG.sequence); base; base = each.open(TAG.sequence)) tags.push(base.read()?.tag ?? 0);
  }
  return tags;
}

/** Names the first extension that is bad; Go reads those of version 3 only. `subjectAltName is malformed` */
export function findExtension(
  shape: Shape,
  isBad: (extension: Extension) => boolean,
  what: string,
): string | undefined {
  const bad = versionOf(shape) === 3 ? shape.extensions?.find(isBad) : undefined;
  return bad && `${extensionName(bad.id)} ${what}`;
}

/** 1 to 3. */
export function versionOf({ version }: Shape): number {
  return (version?.content[0] ?? 0) + 1;
}
