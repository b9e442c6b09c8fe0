import { expect, test } from 'vitest';
import { spacectl } from '../services/program.ts';

test('A program that has nothing left to wait for, but is not done, fails', async () => {
  // A request that no connection is ever made for, without an error, and timers that keep nothing running.
  const lost = `import http from 'node:http';
    http.Agent.prototype.addRequest = () => {};
    const { setTimeout } = globalThis;
    globalThis.setTimeout = (...given) => setTimeout(...given).unref();`;
  const { exitCode, stderr } = await spacectl(['whoami'], {
    env: {
      NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(lost)}`,
      SPACELIFT_API_KEY_ENDPOINT: 'https://acme.invalid',
      SPACELIFT_API_KEY_ID: 'id',
      SPACELIFT_API_KEY_SECRET: 'secret',
    },
  });
  expect(stderr).toContain('the program ended before it was done');
  expect(exitCode).toBe(1);
});
