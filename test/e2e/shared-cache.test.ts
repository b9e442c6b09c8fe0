import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { buildImage, file, pushImage } from '../services/image.ts';
import { BUNDLE } from '../services/image-in-memory.ts';
import { spacectl } from '../services/program.ts';
import { testWith } from '../services/programs.ts';
import { startRegistry } from '../services/registry.ts';
import { temporaryFolder } from '../services/temporary.ts';

/** How many builds at once: a hundred with `TEST_WHOLE=1`. */
const BUILDS = process.env['TEST_WHOLE'] ? 100 : 8;

testWith('docker-registry')(
  `${BUILDS} builds that share a cache at the same time make the same bundle`,
  async () => {
    const [registry, folder, pem] = await Promise.all([
      startRegistry(),
      temporaryFolder(),
      readFile('docs/example-ca.pem', 'utf8'),
    ]);
    const platform = { os: 'linux', architecture: 'amd64' };
    await pushImage(
      registry.url,
      'runner',
      'latest',
      buildImage({ platform, layers: [[file(BUNDLE, pem)], [file('usr/x', 'x')]] }),
    );
    const cache = path.join(folder, 'cache');
    const build = async (name: string) => {
      const output = path.join(folder, name, 'bundle.crt');
      const args = ['ca-bundle', 'build', '--ca', 'docs/example-ca.pem', '--image', `${registry.host}/runner`];
      const run = await spacectl([...args, '--source', 'registry', '--output', output], {
        env: { XDG_CACHE_HOME: cache, HOME: folder },
      });
      expect({ exitCode: run.exitCode, stderr: run.stderr }).toMatchObject({ exitCode: 0 });
      return readFile(output, 'utf8');
    };
    const bundles = await Promise.all(Array.from({ length: BUILDS }, (_, index) => build(String(index))));
    expect(new Set(bundles).size).toBe(1);
    // What is left in the cache is whole: one more build uses it, and no half of a file stays.
    expect(await build('last')).toBe(bundles[0]);
    const kept = await readdir(cache, { recursive: true });
    expect(kept.length).toBeGreaterThan(2);
    expect(kept.filter((name) => name.includes('tmp'))).toEqual([]);
  },
  300_000,
);
