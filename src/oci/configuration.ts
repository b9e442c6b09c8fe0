import * as v from 'valibot';
import type { Environment } from './image.ts';
import { readImageJson } from './image-json.ts';
import { LIMITS } from './limits.ts';
import type { Descriptor } from './manifest.ts';
import type { Platform } from './platform.ts';

const texts = v.array(v.string());
const text = v.fallback(v.optional(v.string()), undefined);
const configuration = v.object({
  os: text,
  architecture: text,
  variant: text,
  rootfs: v.fallback(v.object({ diff_ids: texts }), { diff_ids: [] }),
  config: v.fallback(v.object({ Env: v.fallback(texts, []) }), { Env: [] }),
});

/**
 * Reads an image's configuration: its platform, which is `undefined` if it does not say, the digests of its unpacked layers,
 * and the environment variables of its containers.
 * @param store names the image in errors
 * @throws UserError `SPACECTL_BAD_IMAGE`
 */
export function parseConfiguration(
  bytes: Buffer,
  store: string,
): { platform: Platform | undefined; diffIds: readonly string[]; environment: Environment } {
  const what = `The configuration of ${store}`;
  const { os = 'linux', architecture, variant, rootfs, config } = readImageJson(configuration, bytes, what);
  const platform = architecture ? { os: os || 'linux', architecture, ...(variant && { variant }) } : undefined;
  return { platform, diffIds: rootfs.diff_ids, environment: parseEnvironment(config.Env) };
}

/** Parses environment variables as an image's configuration has them: `NAME=value` (OCI image-spec, config.md). */
export function parseEnvironment(variables: readonly string[]): Environment {
  return Object.fromEntries(
    variables.map((each) => [each.split('=', 1)[0] ?? '', each.slice(each.indexOf('=') + 1)] as const),
  );
}

/** Reports whether this is the configuration of an image. Charts and other artifacts have their own. */
export function isConfiguration({ mediaType, size }: Descriptor): boolean {
  return /\.image(?:\.config)?\.v1\+json$/.test(mediaType) && size <= LIMITS.manifestBytes;
}
