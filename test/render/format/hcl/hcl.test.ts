// biome-ignore-all lint/suspicious/noTemplateCurlyInString: what means something to HCL is what is tested
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BLANK, block, expression, formatHcl, quoteForHcl, type Value } from '../../../../src/render/format/hcl/hcl.ts';
import { testWith } from '../../../services/programs.ts';
import { evaluateLocals } from '../../../services/terraform.ts';

/** Pieces that mean something to HCL, to shells and to terminals, in any order. */
const nasty = fc
  .array(
    fc.constantFrom(
      ...['"', '\\', '$', '%', '{', '}', '${', '%{', '$${', '%%{', '\n', '\r', '\t', '<<EOT', 'EOT', '#', '//', '/*'],
      ...[
        '~}',
        'a',
        ' ',
        '=',
        "'",
        '`',
        '\u0001',
        '\u001b',
        '\u2028',
        '\u202e',
        '\ufeff',
        'é',
        '😀',
        '👨‍👩‍👧',
        'var.x',
        '${var.x}',
      ],
    ),
    { maxLength: 12 },
  )
  .map((parts) => parts.join(''));
const anyText = fc.oneof(nasty, fc.string({ unit: 'binary' })).filter((text) => !text.includes('\0'));

/** Terraform's strings are in Unicode's composed form (cty), whatever was written. */
const composed = (text: string) => text.normalize('NFC');

testWith('terraform')(
  'Terraform reads every string back as it was meant, in values, lists, keys and labels',
  async () => {
    const texts = fc.sample(anyText, { numRuns: 1500, seed: 11 });
    const keys = [...new Set(texts.map(composed))].filter((key) => key !== '');
    const all: Value = {
      texts,
      keyed: Object.fromEntries(keys.map((key, index) => [key, index])),
      nested: { deep: [{ text: texts[7] ?? '' }, [texts[8] ?? '', true, null, 1.5]] },
    };
    const read = await evaluateLocals(formatHcl([block('locals', [], { all })]));
    expect(read['texts']).toEqual(texts.map(composed));
    expect(read['keyed']).toEqual(Object.fromEntries(keys.map((key, index) => [key, index])));
    expect(read['nested']).toEqual({
      deep: [{ text: composed(texts[7] ?? '') }, [composed(texts[8] ?? ''), true, null, 1.5]],
    });
  },
);

testWith('terraform')('data in an expression stays data', async () => {
  const texts = fc.sample(nasty, { numRuns: 200, seed: 5 });
  const all = Object.fromEntries(
    texts.map((text, index) => [`t${index}`, expression`jsondecode(jsonencode(${text}))`]),
  );
  const read = await evaluateLocals(formatHcl([block('locals', [], { all })]));
  expect(read).toEqual(Object.fromEntries(texts.map((text, index) => [`t${index}`, composed(text)])));
});

testWith('terraform')('what is written is what terraform fmt would write', async () => {
  const all = {
    a: 1,
    longer_name: 'x',
    object: { one: 1, 'two words': [1, 2] },
    after: true,
    the_last_one: [],
    list: Array.from({ length: 30 }, (_, index) => `element-${index}`),
    empty: {},
  };
  await evaluateLocals(
    formatHcl(['A comment\non two lines', block('locals', [], { all }, BLANK, 'More', { other: 2 })]),
  );
});

test.each([
  ['plain', '"plain"'],
  ['a"b\\c', '"a\\"b\\\\c"'],
  ['${x} %{y}', '"$${x} %%{y}"'],
  ['$${x}', '"\\u0024\\u0024{x}"'],
  ['line\nbreak', '"line\\nbreak"'],
  ['\u202e', '"\\u202E"'],
])('%j is written as %s', (text, quoted) => {
  expect(quoteForHcl(text)).toBe(quoted);
});

test('half a surrogate pair is refused', () => {
  expect(() => quoteForHcl('\ud800')).toThrow('surrogate');
});
