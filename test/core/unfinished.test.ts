import { expect, test } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { undoIfStopped, undoUnfinished } from '../../src/core/unfinished.ts';

test('an interruption undoes what is under way and not what is finished, and does not stop at a failure', async () => {
  const undone: string[] = [];
  undoIfStopped(() => {
    throw new Error('cannot');
  });
  undoIfStopped(async () => void undone.push('container'));
  const finished = undoIfStopped(() => void undone.push('file'));
  finished();
  const told = new UserError('SPACECTL_UNREACHABLE', 'It stays drained');
  undoIfStopped(async () => {
    throw told;
  });
  expect(await undoUnfinished()).toBe(told);
  expect(undone).toEqual(['container']);
  await undoUnfinished();
  expect(undone).toEqual(['container']);
});
