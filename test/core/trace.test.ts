import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { rememberSecret } from '../../src/core/secrets.ts';
import { listenToTrace, traceProgram, traceRequest } from '../../src/core/trace.ts';

const lines: string[] = [];
listenToTrace((line) => lines.push(line));
const traced = (act: () => void) => {
  lines.length = 0;
  act();
  return lines;
};

test('of a URL, neither its login nor its query is told', () => {
  const url = new URL('https://user:password@example.com:8443/v2/a%20b?X-Amz-Signature=secret#part');
  expect(traced(() => traceRequest('GET', url))).toEqual(['GET https://example.com:8443/v2/a%20b']);
  expect(traced(() => traceRequest('PUT', url, 201))).toEqual(['PUT https://example.com:8443/v2/a%20b: 201']);
});

test('a program is told on one line, without what is known as a secret', () => {
  rememberSecret('hunter2hunter2');
  const args = ['-c', 'one\ntwo', 'hunter2hunter2', 'x'.repeat(1000)];
  const [line = ''] = traced(() => traceProgram('sh', args));
  expect(line).toMatch(/^run sh -c one two \[redacted\] x+…$/);
  expect(line.length).toBeLessThan(510);
});

test('everything that starts a program tells it', async () => {
  for (const name of await readdir('src/programs')) {
    const code = await readFile(path.join('src/programs', name), 'utf8');
    const count = (call: RegExp) => code.match(call)?.length ?? 0;
    expect({ name, told: count(/traceProgram\(/g) }).toEqual({ name, told: count(/\b(?:execa|spawn)\(/g) });
  }
});
