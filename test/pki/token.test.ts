import { expect, test } from 'vitest';
import { readToken } from '../../src/pki/token.ts';

const encode = (text: string) => Buffer.from(Buffer.from(text).toString('base64'));
const CERTIFICATE = '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----';

test.each([
  [
    'the usual fields',
    { broker: { endpoint: 'a.iot.eu-west-1.amazonaws.com', more: 1 } },
    'a.iot.eu-west-1.amazonaws.com',
  ],
  ['no broker', {}, undefined],
  ['a broker of another type', { broker: 'a.example.com' }, undefined],
  ['no broker, but null', { broker: null }, undefined],
  ['an endpoint of another type', { broker: { endpoint: 7 } }, undefined],
])('a token with %s is accepted', (_, document, endpoint) => {
  expect(readToken(encode(JSON.stringify(document)))).toEqual({
    ...(endpoint && { endpoint }),
    isFedRamp: false,
    certificates: [],
  });
});

test('certificates are found at any depth, in the order of the document', () => {
  const [first, second, third] = ['A', 'B', 'C'].map((letter) => CERTIFICATE.replace('AAAA', letter.repeat(4)));
  const document = { one: [{ deep: [first] }, second], broker: {}, two: third };
  expect(readToken(encode(JSON.stringify(document))).certificates).toEqual([first, second, third]);
});

test('a token that is nested deeper than the stack is read', () => {
  const depth = 100_000;
  const document = `{"deep":${'['.repeat(depth)}${JSON.stringify(CERTIFICATE)}${']'.repeat(depth)}}`;
  expect(readToken(encode(document)).certificates).toEqual([CERTIFICATE]);
});

test.each([
  ['an empty file', Buffer.from(' \n'), 'it is empty'],
  ['other text', Buffer.from('{"hush":1}'), 'it is not base64'],
  ['a token that is cut off', encode('{"hush":'), 'after base64 decoding, it is not JSON; it may be cut off'],
  ['an array', encode('["hush"]'), 'after base64 decoding, it is not an object'],
  ['null', encode('null'), 'after base64 decoding, it is not an object'],
])('%s is rejected, and nothing of it is shown', (_, bytes, reason) => {
  expect(() => readToken(bytes)).toThrow(
    expect.objectContaining({ code: 'SPACECTL_BAD_TOKEN', message: `This is not a worker pool token: ${reason}` }),
  );
});

test.each([
  ['text of PowerShell 5.1', Buffer.from('\ufeffeyJodXNoIjoxfQ==\r\n', 'utf16le'), 'is saved as UTF-16'],
  ['UTF-16 that was read as UTF-8', Buffer.from('e\0y\0'), 'is saved as UTF-16'],
  ['UTF-8 of PowerShell 5.1', Buffer.from('\ufeffeyJodXNoIjoxfQ=='), 'is saved as UTF-8 with a byte order mark'],
])('%s is rejected, and the encoding is named', (_, bytes, reason) => {
  expect(() => readToken(bytes)).toThrow(
    expect.objectContaining({ code: 'SPACECTL_BAD_TOKEN', message: expect.stringContaining(reason) }),
  );
});
