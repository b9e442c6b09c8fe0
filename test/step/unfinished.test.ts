import { expect, test } from 'vitest';
import { undoIfStopped, undoUnfinished } from '../../src/step/unfinished.ts';

test('undoes what is under way, not what is finished, and does not stop at a failure', async () => {
  const undone: string[] = [];
  undoIfStopped(() => {
    throw new Error('cannot');
  });
  undoIfStopped(async () => void undone.push('container'));
  const finished = undoIfStopped(() => void undone.push('file'));
  finished();
  await undoUnfinished();
  expect(undone).toEqual(['container']);
  await undoUnfinished();
  expect(undone).toEqual(['container']);
});
