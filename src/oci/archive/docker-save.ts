import * as v from 'valibot';
import { UserError } from '../../core/errors.ts';
import { badImage } from '../bad-image.ts';
import { readImageJson } from '../image-json.ts';
import { cleanName } from '../tar/paths.ts';

/** One image of the `manifest.json` of `docker save` (moby, image/spec/v1.2.md). Files by their clean names. */
export interface SavedImage {
  readonly config: string;
  readonly tags: readonly string[];
  /** Bottom first. */
  readonly layers: readonly string[];
}

const texts = v.array(v.string());

// Go writes null for a list that is empty: an image without tags, an archive without images.
const list = v.nullable(v.array(v.object({ Config: v.string(), RepoTags: v.fallback(texts, []), Layers: texts })));

/** Reads `manifest.json`. @throws UserError `SPACECTL_BAD_IMAGE` */
export function parseSaved(bytes: Buffer, store: string): readonly SavedImage[] {
  const images = readImageJson(list, bytes, `manifest.json of ${store}`) ?? [];
  if (images.length === 0) throw badImage(`${store} has no images`);
  return images.map(({ Config: config, RepoTags: tags, Layers: layers }) => ({
    config: cleanName(config),
    tags,
    layers: layers.map(cleanName),
  }));
}

/**
 * Chooses the image with a name: a tag, or the name of its configuration file. Without a name, there must be only one.
 * @throws UserError `SPACECTL_NO_IMAGE`, or `SPACECTL_BAD_INPUT` without a name; both list the names
 */
export function chooseSaved(store: string, images: readonly SavedImage[], name: string | undefined): SavedImage {
  const chosen = name === undefined ? images : images.filter(({ tags, config }) => [...tags, config].includes(name));
  const [only, ...others] = chosen;
  if (only && others.length === 0) return only;
  const names = images.map(({ tags, config }) => tags[0] ?? config).join(', ');
  const problem = name === undefined ? `has ${images.length} images` : `has no image "${name}"`;
  const code = name === undefined ? 'SPACECTL_BAD_INPUT' : 'SPACECTL_NO_IMAGE';
  throw new UserError(code, `${store} ${problem}: ${names}`, {
    suggestions: [`Pass one of them as ${store}:NAME`],
  });
}
