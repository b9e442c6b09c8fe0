import { readFile } from 'node:fs/promises';
import { execa } from 'execa';
import { expect, test } from 'vitest';
import { optionalCaBundle } from '../../src/ca-bundle/index.ts';
import { target } from '../../src/render/index.ts';
import { workerPool } from '../../src/spacelift/index.ts';
import { testWith } from '../services/programs.ts';

const RECORDING = 'docs/wizard.svg';
const svg = await readFile(RECORDING, 'utf8');

/** Prints the words of each frame, as an XML parser reads them. */
const WORDS = `
import json, sys, xml.etree.ElementTree as tree
groups = tree.parse(sys.argv[1]).iter('{http://www.w3.org/2000/svg}g')
print(json.dumps([' '.join(group.itertext()) for group in groups if group.get('class') == 'frame']))`;

testWith('python3')('The recording shows what the wizard asks now: `npm run screenshot` makes it again', async () => {
  const { stdout } = await execa('python3', ['-c', WORDS, RECORDING]);
  const frames = (JSON.parse(stdout) as string[]).map((words) => words.replace(/\s+/g, ' '));
  const goals = (target.presets ?? []).map(({ name }) => name);
  const { dir, token } = workerPool.inputs;
  const { ca } = optionalCaBundle.inputs;
  const moments = [
    [`${dir.question} my-pool`],
    [target.question, ...goals],
    [token.question],
    ['characters. Press Enter'],
    ['made for this key', ca.question],
    [ca.question, 'corporate-root.pem'],
    ['Enter applies the plan'],
    ['Write the CA bundle'],
    ['once deployed', 'spacectl deploy my-pool'],
  ];
  expect(frames).toHaveLength(moments.length);
  for (const [index, words] of moments.entries()) {
    for (const each of words) expect(frames[index]).toContain(each);
  }
});

test('The recording is small, names no directory of its maker, and stands still where motion is not wanted', () => {
  expect(svg.length).toBeLessThan(150_000);
  expect(svg).not.toMatch(/[ >]\/(?:tmp|home|root|work|Users)\b/);
  expect(svg).toContain('@media (prefers-reduced-motion: reduce) { .frame { animation: none !important } }');
});
