import { childrenOf, type Element, readElement } from '../der.ts';
import { ID } from './extension-names.ts';
import { extensionIn, type Shape } from './shape.ts';

/** The value of an extension, decoded; `undefined` where the certificate does not have it, or where it is not readable. */
export function extensionValue(shape: Shape, id: string): Element | undefined {
  const extension = extensionIn(shape, id);
  return extension && readElement(extension.value);
}

/** The path length in basicConstraints. */
export function pathLengthOf(shape: Shape): Element | undefined {
  return childrenOf(extensionValue(shape, ID.basicConstraints)).find(({ tag }) => tag === 0x02);
}

/** The first two octets of keyUsage; `undefined` without it. */
export function keyUsageOf(shape: Shape): number | undefined {
  const value = extensionValue(shape, ID.keyUsage);
  return value && (value.content[1] ?? 0) | ((value.content[2] ?? 0) << 8);
}
