import { readdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { currentOwner, formatOwner, type Owner } from '../../src/files/owner.ts';
import { openPartial } from '../../src/files/partial.ts';
import { temporaryFolder } from '../services/temporary.ts';

const id = '0123456789abcdef';

/** A partial file that another process has left beside `target`. */
async function leave(target: string, owner: Partial<Owner>): Promise<string> {
  const name = `.target.${id}.${formatOwner({ ...currentOwner(), ...owner })}.spacectl-part`;
  await writeFile(path.join(path.dirname(target), name), 'half');
  return name;
}

test('what an earlier process of the same number left is gone on with', async () => {
  const target = path.join(await temporaryFolder(), 'target');
  await leave(target, { session: 'aa' });
  const partial = await openPartial(target, id);
  expect(partial.size).toBe(4);
  await partial.remove();
  expect(await readdir(path.dirname(target))).toEqual([]);
});

test("another container's process of the same number keeps its file to itself", async () => {
  const target = path.join(await temporaryFolder(), 'target');
  const theirs = await leave(target, { host: 'another-container', session: 'aa' });
  const partial = await openPartial(target, id);
  expect(partial.size).toBe(0);
  await partial.append(Buffer.from('mine'));
  await partial.remove();
  expect(await readdir(path.dirname(target))).toEqual([theirs]);
});
