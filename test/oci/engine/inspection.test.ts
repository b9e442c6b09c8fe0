import { chmod, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { quoteForShell } from '../../../src/core/text.ts';
import { inspectImage } from '../../../src/oci/engine/inspection.ts';
import { parseReference } from '../../../src/oci/index.ts';
import { temporaryFolder } from '../../services/temporary.ts';

afterEach(() => vi.unstubAllEnvs());

/** Inspects an image with a docker that prints some text. */
async function inspectWith(output: string) {
  const folder = await temporaryFolder();
  const program = path.join(folder, 'docker');
  await writeFile(program, `#!/bin/sh\nprintf %s ${quoteForShell(output)}\n`);
  await chmod(program, 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
  const engine = { program: 'docker', isPodman: false } as const;
  return inspectImage(engine, { reference: parseReference('runner:1') }, new AbortController().signal);
}

test('null, which Go writes for what is empty, counts as missing', async () => {
  const output = JSON.stringify([
    { Id: 'sha256:1', Os: 'linux', Architecture: 'arm64', Size: null, Variant: null, RepoDigests: null },
  ]);
  expect(await inspectWith(output)).toEqual({
    variables: {},
    size: 0,
    reference: 'docker.io/library/runner:1',
    imageId: 'sha256:1',
    platform: { os: 'linux', architecture: 'arm64' },
  });
});

test.each(['', 'WARNING: no daemon', 'null', '[]', '{}', '[{"Id":1}]'])(
  'an engine that prints %j for an image has failed',
  async (output) => {
    await expect(inspectWith(output)).rejects.toMatchObject({
      code: 'SPACECTL_PROGRAM_FAILED',
      message: expect.stringContaining('docker.io/library/runner:1'),
    });
  },
);
