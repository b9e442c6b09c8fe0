import { createHash } from 'node:crypto';
import type { Fault, FileCall } from '../fault-library/fault-library.ts';

/** Errors of a disk, of its rights, of a file server, and of file systems that can do less than others. */
const ERRORS = ['ENOSPC', 'EIO', 'EROFS', 'EDQUOT', 'EACCES', 'EPERM', 'ESTALE', 'EXDEV', 'EOPNOTSUPP'] as const;

/** Every way in which each call of a run can go wrong. */
export function faultsOf(calls: readonly FileCall[]): readonly Fault[] {
  return calls.flatMap(({ number, name }) => {
    const kinds: Fault['kind'][] = [...ERRORS, 'kill-before', 'kill-after'];
    if (name === 'write') kinds.push('short', 'short-kill');
    return kinds.map((kind) => ({ at: number, kind }));
  });
}

/** Takes some of a list; the same ones for the same seed. */
export function sample<T>(all: readonly T[], count: number, seed: string): readonly T[] {
  if (all.length <= count) return all;
  const rank = (index: number) => createHash('sha256').update(`${seed} ${index}`).digest('hex');
  const ranked = all.map((each, index) => ({ each, rank: rank(index) }));
  return ranked
    .toSorted((one, other) => (one.rank < other.rank ? -1 : 1))
    .slice(0, count)
    .map(({ each }) => each);
}
