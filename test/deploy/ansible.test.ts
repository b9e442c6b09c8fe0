import { expect, test } from 'vitest';
import { outputIn } from '../../src/deploy/ansible.ts';

// As `ansible -o` of Debian 12 prints them (ansible-core 2.14).
test.each([
  ['worker-1 | CHANGED | rc=0 | (stdout) {"worker":true}', '{"worker":true}'],
  ['worker-1 | CHANGED | rc=0 | (stdout) {"worker":true} (stderr) said', '{"worker":true}'],
  [
    'worker-2 | FAILED! => {"changed": true,"rc": 10,"stderr": "err","stdout": "{\\"worker\\":false}"}',
    '{"worker":false}',
  ],
  ['worker-3 | UNREACHABLE!: Failed to connect to the host via ssh', undefined],
  ['worker-4 | FAILED! => {"msg": "cut', undefined],
])('%s', (line, output) => {
  expect(outputIn(line)).toBe(output);
});
