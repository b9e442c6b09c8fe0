import { readBase } from '../../../src/ca-bundle/base/base.ts';
import { type ImageLocation, parsePlatform } from '../../../src/oci/index.ts';
import { buildImage, writeLayout } from '../image.ts';
import { temporaryFolder } from '../temporary.ts';
import type { Distribution } from './trees.ts';

const platform = parsePlatform('linux/amd64');
/** How an image is reached: nothing special. */
export const ACCESS = {
  'registry-ca': undefined,
  'registry-username': undefined,
  'registry-password': undefined,
  'registry-certificate': undefined,
  'registry-key': undefined,
  'plain-http': undefined,
  mirror: [],
  cache: false,
} as const;

/** Returns what a build finds out about an image of a distribution. */
export async function baseOf({ entries, environment = [] }: Distribution) {
  const path = await temporaryFolder();
  await writeLayout(path, { latest: buildImage({ platform, layers: [entries], environment }) });
  return baseIn({ kind: 'oci-layout', path });
}

/** Returns what a build finds out about the tar of a root file system. */
export function baseOfArchive(path: string) {
  return baseIn({ kind: 'archive', path });
}

/** Returns what a build finds out about an image. */
export function baseIn(image: ImageLocation) {
  const request = { image, platform, source: image.kind, offline: false, 'image-path': undefined } as const;
  return readBase({ ...request, ...ACCESS }, { signal: new AbortController().signal, report: () => {} });
}
