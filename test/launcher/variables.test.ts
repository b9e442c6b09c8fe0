import { expect, test } from 'vitest';
import { parseVariable } from '../../src/launcher/index.ts';

test.each([
  'SPACELIFT_WORKER_COMMS_PROTOCOL=poll',
  'SPACELIFT_WORKER_COMMS_PROTOCOL=mqtt',
  'SPACELIFT_WORKER_COMMS_URL=https://spacelift.example.com:8443/',
  'SPACELIFT_PRIVATEVCS_MAPPING_NAME_0=gitlab',
  'SPACELIFT_PRIVATEVCS_MAPPING_BASE_ENDPOINT_12=http://gitlab.internal:8080/api',
])('%s is a variable of the launcher', (text) => {
  expect(parseVariable(text).join('=')).toBe(text);
});

test.each([
  ['SPACELIFT_WORKER_COMMS_PROTOCOL=http', 'poll or mqtt'],
  ['SPACELIFT_WORKER_COMMS_URL=http://spacelift.example.com', 'https://HOST'],
  ['SPACELIFT_WORKER_COMMS_URL=https://spacelift.example.com/graphql', 'https://HOST'],
  ['SPACELIFT_WORKER_COMMS_UR=https://spacelift.example.com', 'did you mean SPACELIFT_WORKER_COMMS_URL'],
  ['SPACELIFT_PRIVATEVCS_MAPPING_NAME=gitlab', 'did you mean SPACELIFT_PRIVATEVCS_MAPPING_NAME_<N>'],
  ['SPACELIFT_PRIVATEVCS_MAPPING_NAME_01=gitlab', 'is not a launcher variable'],
  ['SPACELIFT_PRIVATEVCS_MAPPING_BASE_ENDPOINT_0=gitlab', 'URL'],
  ['SPACELIFT_DEBUG_0=true', 'is not a launcher variable'],
])('the variable %s is refused: %s', (text, why) => {
  expect(() => parseVariable(text)).toThrow(why);
});
