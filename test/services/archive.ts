import { mkdir, writeFile } from 'node:fs/promises';
import path from 'node:path';
import type { BuiltImage } from './image.ts';
import { buildTar, type Entry, file } from './tar.ts';

/**
 * What `docker save` wrote before version 25: a folder for each layer, and no manifest of the image. A layer that is
 * there twice is a symbolic link the second time.
 *
 * @param layers unpacked
 */
export function dockerArchive(images: Readonly<Record<string, BuiltImage>>): Buffer {
  const seen = new Map<string, string>();
  const entries: Entry[] = [];
  const list = Object.entries(images).map(([tag, { config, layers }], image) => {
    const configFile = `${config.digest.slice('sha256:'.length)}.json`;
    entries.push(file(configFile, config.bytes));
    const names = layers.map(({ digest, bytes }, index) => {
      const name = `layer-${image}-${index}/layer.tar`;
      const earlier = seen.get(digest);
      entries.push(earlier ? { name, type: 'symlink', target: `../${earlier}` } : file(name, bytes));
      seen.set(digest, earlier ?? name);
      return name;
    });
    return { Config: configFile, RepoTags: [tag], Layers: names };
  });
  return buildTar([...entries, file('manifest.json', JSON.stringify(list))]);
}

/** Writes a file into a folder that need not be there. */
export async function writeInto(folder: string, name: string, bytes: Buffer): Promise<string> {
  await mkdir(folder, { recursive: true });
  const target = path.join(folder, name);
  await writeFile(target, bytes);
  return target;
}
