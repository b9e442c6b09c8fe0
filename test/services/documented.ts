import { expect } from 'vitest';
import { shapeOf } from '../../build/reference/json-shapes.ts';
import { mismatches } from '../../build/reference/shape.ts';

/** Compares what a command printed with docs/reference/json.md, where it needs a host or servers of its own. */
export function expectDocumented(command: string, stdout: unknown): void {
  const shape = shapeOf(command);
  if (shape === undefined) throw new Error(`${command} has no shape`);
  expect(mismatches(shape, JSON.parse(String(stdout)), command)).toEqual([]);
}
