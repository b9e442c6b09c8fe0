import { expect, test } from 'vitest';
import { parseLocation } from '../../../src/oci/index.ts';

const HEX = '0123456789abcdef'.repeat(4);
const named = (repository: string, tag = 'latest') => ({ registry: 'docker.io', repository, tag });

// moby@b985e23, daemon/images/image.go, and Docker's documentation of `image inspect`: names first, then IDs by their start.
test.each<[string, object]>([
  [`sha256:${HEX}`, { id: HEX }],
  [HEX, { id: HEX }],
  ['sha256:0123', { id: '0123' }],
  ['0123456789ab', { id: '0123456789ab' }],
  // Too short to be surely an ID, but engines take it for one if they have it.
  ['cafe', { id: 'cafe', reference: named('library/cafe') }],
  ['cafe:1', { reference: named('library/cafe', '1') }],
  ['library/0123456789ab', { reference: named('library/0123456789ab') }],
  ['0123456789ab:latest', { reference: named('library/0123456789ab') }],
  ['runner', { reference: named('library/runner') }],
])('%s in an engine is %j', async (text, expected) => {
  expect(await parseLocation(text, 'docker')).toEqual({ kind: 'docker', ...expected });
  expect(await parseLocation(text, 'podman')).toEqual({ kind: 'podman', ...expected });
});

test.each([HEX, `sha256:${HEX}`, 'sha256:0123'])('%s is not looked for in a registry', async (text) => {
  await expect(parseLocation(text, 'registry')).rejects.toMatchObject({
    code: 'SPACECTL_BAD_INPUT',
    message: `"${text}" is an image ID, which only a container engine can look up`,
    suggestions: [
      { text: 'Pass --source docker or --source podman if an engine on this machine has the image' },
      { text: 'Pass HOST/REPOSITORY@sha256:… to read an image by its digest' },
    ],
  });
});
