import { childrenOf, oidOf } from '../der.ts';
import type { Shape } from './shape.ts';

/** The object identifiers in the structure of a certificate: those of its algorithms, names and extensions. */
export function oidsOf(shape: Shape): readonly string[] {
  const { inner, outer, keyAlgorithm, issuerAttributes, subjectAttributes, extensions = [] } = shape;
  return [
    ...[inner, outer, keyAlgorithm].map((algorithm) => oidOf(childrenOf(algorithm)[0])),
    ...[...issuerAttributes, ...subjectAttributes, ...extensions].map(({ id }) => id),
  ];
}

/** The largest number in an object identifier; not exact beyond 2^53. */
export function largestArcOf(id: string): number {
  return Math.max(...id.split('.').map(Number));
}
