import { childrenOf, oidOf, readElement } from '../der.ts';
import { ID } from './extension-names.ts';
import { extensionIn, type Shape } from './shape.ts';

/** The purposes in extKeyUsage, as far as they are readable. @returns `undefined` for a certificate without it */
export function purposesOf(shape: Shape): readonly string[] | undefined {
  const extension = extensionIn(shape, ID.purposes);
  if (!extension) return undefined;
  return childrenOf(readElement(extension.value)).map(oidOf).filter(Boolean);
}
