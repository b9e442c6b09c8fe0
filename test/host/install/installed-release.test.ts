import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { quoteForShell } from '../../../src/core/text.ts';
import { installedRelease } from '../../../src/host/install/installed-release.ts';
import { fillTemplate } from '../../../src/render/format/template.ts';
import { temporaryFolder } from '../../services/temporary.ts';

test.each([
  ['spacelift.io', '', { environment: 'standard', domain: undefined }],
  ['us.spacelift.io', '', { environment: 'us', domain: undefined }],
  ['spacelift.io', '-fedramp', { environment: 'fedramp', domain: undefined }],
  ['gov.example.com', '-fedramp', { environment: 'fedramp', domain: 'gov.example.com' }],
])('the release is read out of the installed script: %s%s', async (domain, variant, release) => {
  const file = path.join(await temporaryFolder(), 'script');
  const given = { domain, variant, fingerprint: 'A'.repeat(40), downgrade: 'no' };
  await writeFile(file, await fillTemplate('systemd/spacelift-update-launcher', given, quoteForShell));
  expect(await installedRelease(file)).toEqual(release);
});

test.each([
  ['s3://launchers/v1', 's3://launchers/v1'],
  ['', undefined],
])('a launcher that is pinned is read out of it as well: "%s"', async (source, from) => {
  const file = path.join(await temporaryFolder(), 'script');
  const given = { source, digest: 'a'.repeat(64) };
  await writeFile(file, await fillTemplate('systemd/spacelift-keep-launcher', given, quoteForShell));
  expect(await installedRelease(file)).toEqual({ sha256: 'a'.repeat(64), from });
});

test('without the installed script, the release is unknown', async () => {
  expect(await installedRelease(path.join(await temporaryFolder(), 'script'))).toBeUndefined();
});
