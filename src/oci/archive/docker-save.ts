import { UserError } from '../../core/errors.ts';
import { badImage } from '../bad-image.ts';
import type { Platform } from '../platform.ts';
import { cleanName } from '../tar/paths.ts';

/** What `manifest.json` of `docker save` says about one image (moby, image/spec/v1.2.md). Files by their clean names. */
export interface SavedImage {
  readonly config: string;
  readonly tags: readonly string[];
  /** Bottom first. */
  readonly layers: readonly string[];
}

/** Reads `manifest.json`. @throws UserError `SPACECTL_BAD_IMAGE` */
export function parseSaved(bytes: Buffer, store: string): readonly SavedImage[] {
  const list = parse(bytes, `manifest.json of ${store}`);
  const images = (Array.isArray(list) ? list : []).map((image: unknown) => {
    const [config, tags, layers] = ['Config', 'RepoTags', 'Layers'].map((key) => property(image, key));
    if (typeof config === 'string' && isTexts(layers)) {
      return { config: cleanName(config), tags: isTexts(tags) ? tags : [], layers: layers.map(cleanName) };
    }
    throw badImage(`manifest.json of ${store} has an image without configuration or layers`);
  });
  if (images.length === 0) throw badImage(`${store} has no image`);
  return images;
}

/** The one that is meant. @throws UserError `SPACECTL_NO_IMAGE`, or `SPACECTL_BAD_INPUT` without a name, that says which there are */
export function chooseSaved(store: string, images: readonly SavedImage[], name: string | undefined): SavedImage {
  const chosen = name === undefined ? images : images.filter(({ tags, config }) => [...tags, config].includes(name));
  const [only, ...others] = chosen;
  if (only && others.length === 0) return only;
  const names = images.map(({ tags, config }) => tags[0] ?? config).join(', ');
  const problem = name === undefined ? `has ${images.length} images` : `has no image "${name}"`;
  const code = name === undefined ? 'SPACECTL_BAD_INPUT' : 'SPACECTL_NO_IMAGE';
  throw new UserError(code, `${store} ${problem}: ${names}`, {
    suggestions: [`Name one of them: ${store}:NAME`],
  });
}

/** Reads an image's configuration: its platform, and the digests of its layers unpacked. @throws UserError `SPACECTL_BAD_IMAGE` */
export function parseConfiguration(bytes: Buffer, store: string): { platform: Platform; diffIds: readonly string[] } {
  const configuration = parse(bytes, `The configuration of ${store}`);
  const diffIds = property(property(configuration, 'rootfs'), 'diff_ids');
  if (!isTexts(diffIds)) throw badImage(`The configuration of ${store} does not say which layers there are`);
  const [os, architecture, variant] = ['os', 'architecture', 'variant'].map((key) => property(configuration, key));
  const platform = { os: `${os ?? 'linux'}`, architecture: `${architecture ?? 'unknown'}` };
  return { platform: { ...platform, ...(typeof variant === 'string' && variant !== '' && { variant }) }, diffIds };
}

function parse(bytes: Buffer, what: string): unknown {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch (cause) {
    throw badImage(`${what} is not JSON`, { cause });
  }
}

function property(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}

function isTexts(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((each) => typeof each === 'string');
}
