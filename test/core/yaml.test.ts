import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatYamlDocument, type YamlOptions } from '../../src/core/yaml.ts';
import { testWith } from '../services/programs.ts';
import { readWithPyYaml, readWithVersion } from '../services/read-yaml.ts';

/** Characters that some reader takes for something else: not printable, line breaks, indicators, byte order marks. */
const ODD = [
  ...Array.from({ length: 0x20 }, (_, code) => String.fromCharCode(code)),
  ...Array.from({ length: 0x22 }, (_, code) => String.fromCharCode(code + 0x7f)),
  ...['\u2028', '\u2029', '\ufeff', '\ufffe', '\uffff', '\ufffd', '\ud7ff', '\ue000', '\u{10ffff}', '\u{1fffe}'],
  ...['"', "'", '\\', '#', ': ', ' #', '- ', '? ', '&', '*', '!', '|', '>', '%', '@', '`', '{', '}', '[', ']', ','],
  ...['---', '...', '~', 'null', 'yes', 'no', 'on', '0x1', '1e3', '1_0', '12:30', '=', '<<', '.inf', '2024-01-01'],
  ...['\n', '\n\n', '\r\n', ' ', '   ', '\t', ' \n', '\n ', '\\n', '\\u0041', 'é', '😀', 'a', 'word '],
];
const text = fc.oneof(
  { weight: 3, arbitrary: fc.array(fc.constantFrom(...ODD), { maxLength: 12 }).map((parts) => parts.join('')) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 60 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 200 }) },
  // Lines such as those of scripts, some of them blank.
  {
    weight: 1,
    arbitrary: fc
      .array(fc.constantFrom('', ' ', 'a b', '  c', '\td', 'e ', '# f'), { maxLength: 9 })
      .map((lines) => lines.join('\n')),
  },
);
const TEXTS = [...ODD, ...fc.sample(text, { numRuns: 4000, seed: 5 })];

const STYLES: readonly (readonly [string, YamlOptions])[] = [
  ['as it comes', {}],
  ['without blocks', { blockQuote: false }],
  ['in double quotes', { defaultStringType: 'QUOTE_DOUBLE', defaultKeyType: 'PLAIN' }],
  ['with plain keys', { defaultKeyType: 'PLAIN' }],
];

/** Fifty values a document, as values, keys and items of a list. */
function documentsOf(values: readonly string[], isKeyed: boolean): readonly object[] {
  return Array.from({ length: Math.ceil(values.length / 50) }, (_, index) => {
    const some = values.slice(50 * index, 50 * (index + 1));
    return isKeyed
      ? { named: Object.fromEntries(some.map((each, at) => [`v${at}`, each])), listed: some }
      : Object.fromEntries([...new Set(some)].map((each, at) => [each, at]));
  });
}

test.each(STYLES)('a parser of YAML 1.2 reads 4,000 values as they were meant, %s', (_style, options) => {
  for (const document of documentsOf(TEXTS, true)) {
    expect(readWithVersion(formatYamlDocument(document, options), '1.2')).toEqual(document);
  }
});

testWith('python3').each(STYLES)('PyYAML reads 4,000 values as they were meant, %s', async (_style, options) => {
  const documents = documentsOf(TEXTS, true);
  expect(await readWithPyYaml(documents.map((each) => formatYamlDocument(each, options)))).toEqual(documents);
});

testWith('python3')('keys are read as they were meant too, by parsers of YAML 1.1 and 1.2', async () => {
  const options = STYLES[2]?.[1] ?? {};
  const documents = documentsOf(TEXTS, false);
  const texts = documents.map((each) => formatYamlDocument(each, options));
  expect(await readWithPyYaml(texts)).toEqual(documents);
  expect(texts.map((each) => readWithVersion(each, '1.2'))).toEqual(documents);
});

test('what is written has no character that YAML does not count as printable', () => {
  for (const [, options] of STYLES) {
    for (const document of documentsOf(TEXTS, true)) {
      // YAML 1.2.2, production 1, without NEL, LS and PS.
      expect(formatYamlDocument(document, options)).toMatch(
        /^[\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\u{10000}-\u{10ffff}\t]+$/u,
      );
    }
  }
});

test('a script stays readable, as a block', () => {
  expect(formatYamlDocument({ content: '#!/bin/sh\nset -eu\n\necho hi\n' })).toBe(
    'content: |\n  #!/bin/sh\n  set -eu\n\n  echo hi\n',
  );
});
