import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { buildImage } from '../services/image.ts';
import { contentIn, inMemory, platform } from '../services/image-in-memory.ts';
import { randomLayers } from '../services/random-layers.ts';
import { digestOfAnswers, pathsAsked, UMOCI_ANSWERS } from '../services/umoci-answers.ts';

const recorded = readFileSync(UMOCI_ANSWERS, 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split(' ') as [string, string]);

test('random images have the files that umoci unpacked from them when it was last asked', async () => {
  for (const [seed, digest] of recorded) {
    const layers = randomLayers(Number(seed));
    const image = buildImage({ platform, layers, addParents: Number(seed) % 4 === 0, compression: 'none' });
    const contents = await Promise.all(pathsAsked(Number(seed)).map((each) => contentIn(inMemory(image), each)));
    expect(digestOfAnswers(contents), `read-file.oracle.test.ts says more with SPACECTL_TEST_SEED=${seed}`).toBe(
      digest,
    );
  }
  expect(recorded.length).toBeGreaterThan(100);
});
