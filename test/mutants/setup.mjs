// What vitest runs before each test file of a sandbox: tells which test is running, here and to child processes.
import { writeFileSync } from 'node:fs';
import { afterEach, beforeEach } from 'vitest';
import { startTest } from './recorder.cjs';

/** @param {string} id a test's, or nothing between tests: what is reached then, any test of the file may notice */
function start(id) {
  writeFileSync('.mutants/test', id);
  startTest(id);
}

start('');
beforeEach(({ task }) => start(task.id));
afterEach(() => start(''));
