import fc from 'fast-check';
import { expect, test } from 'vitest';
import { UserError } from '../../src/core/errors.ts';
import { formatReference, parseReference } from '../../src/oci/index.ts';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;

test.each([
  ['alpine', 'docker.io', 'library/alpine', 'latest'],
  ['alpine:3.20', 'docker.io', 'library/alpine', '3.20'],
  ['spacelift/runner', 'docker.io', 'spacelift/runner', 'latest'],
  ['docker.io/alpine', 'docker.io', 'library/alpine', 'latest'],
  ['index.docker.io/library/alpine', 'docker.io', 'library/alpine', 'latest'],
  ['public.ecr.aws/spacelift/runner-terraform:latest', 'public.ecr.aws', 'spacelift/runner-terraform', 'latest'],
  ['localhost/x', 'localhost', 'x', 'latest'],
  ['localhost:5000/x:y', 'localhost:5000', 'x', 'y'],
  ['127.0.0.1:5000/a/b/c:v1.0_x-y', '127.0.0.1:5000', 'a/b/c', 'v1.0_x-y'],
  ['[::1]:5000/x', '[::1]:5000', 'x', 'latest'],
  ['ghcr.io/a-b/c__d.e', 'ghcr.io', 'a-b/c__d.e', 'latest'],
])('the image reference %s names registry, repository and tag', (text, registry, repository, tag) => {
  expect(parseReference(text)).toEqual({ registry, repository, tag });
  expect(parseReference(formatReference({ registry, repository, tag }))).toEqual({ registry, repository, tag });
});

test('a digest stands alone or beside a tag, and no tag is made up for it', () => {
  const repository = 'library/alpine';
  expect(parseReference(`alpine@${DIGEST}`)).toEqual({ registry: 'docker.io', repository, digest: DIGEST });
  const both = parseReference(`alpine:3@${DIGEST}`);
  expect(both).toEqual({ registry: 'docker.io', repository, tag: '3', digest: DIGEST });
  expect(formatReference(both)).toBe(`docker.io/library/alpine:3@${DIGEST}`);
});

test.each([
  '',
  ' ',
  '/',
  'x/',
  ':tag',
  'Alpine',
  'x:',
  'x:-y',
  'x:a:b',
  'a//b',
  'x@sha256:short',
  `x@y@${DIGEST}`,
  'https://ghcr.io/x',
  'host.example:port/x',
  '-host.example/x',
  'x/../y',
  'a b',
  '1.2.3.4.5/x',
  '300.1.1.1/x',
  '[:::]/x',
])('"%s" is not an image reference', (text) => {
  expect(() => parseReference(text)).toThrow(expect.objectContaining({ code: 'SPACECTL_BAD_INPUT', exitCode: 2 }));
});

test.each([
  ['127.0.0.1:99999/x', '99999'],
  ['registry.example:65536/x', '65536'],
  ['[::1]:0/x', '0'],
])('"%s" has a port that does not exist', (text, port) => {
  expect(() => parseReference(text)).toThrow(
    expect.objectContaining({
      code: 'SPACECTL_BAD_INPUT',
      message: `"${text}" is not an image reference: the port ${port} is out of range (1 to 65535)`,
    }),
  );
});

test('Whatever is accepted as a reference has a registry that a URL can be made of', () => {
  const part = fc.constantFrom(
    'a',
    'A',
    '0',
    '1',
    '256',
    '65535',
    '65536',
    '.',
    '-',
    ':',
    '[',
    ']',
    'x.',
    '::',
    'localhost',
  );
  const host = fc.array(part, { maxLength: 8 }).map((parts) => parts.join(''));
  fc.assert(
    fc.property(host, (text) => {
      const registry = registryOf(`${text}/image`);
      expect(registry === undefined || URL.canParse(`https://${registry}/v2/`), text).toBe(true);
    }),
    { numRuns: 2000 },
  );
});

/** Returns the registry of a reference; `undefined` if it is rejected as a user's error. */
function registryOf(text: string): string | undefined {
  try {
    return parseReference(text).registry;
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}
