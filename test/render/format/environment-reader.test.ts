import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatEnvironmentFile } from '../../../src/render/format/environment-file.ts';
import { parseEnvironmentFile } from '../../../src/render/index.ts';

test('an environment file is read back as it was written, whatever is in the values', () => {
  const value = fc.string({ unit: fc.constantFrom(...'abc =\'"\\$`%#;&|*~!é€\t') });
  fc.assert(
    fc.property(fc.array(value, { maxLength: 5 }), (values) => {
      const variables = Object.fromEntries(values.map((each, index) => [`V${index}`, each]));
      const text = formatEnvironmentFile(variables);
      expect(parseEnvironmentFile(text)).toEqual({ variables, badLines: [] });
    }),
  );
});

test.each([
  ['a comment and an empty line', '# A=1\n\n; B=2\nC=3\n', { C: '3' }, []],
  ['spaces around', '  A = 1  \nB=2 3 \n', { A: '1', B: '2 3' }, []],
  ['single quotes take everything as it is', "A='a\\\"$b'\n", { A: 'a\\"$b' }, []],
  ['a quoted value over two lines', 'A="1\n2"\nB=3\n', { A: '1\n2', B: '3' }, []],
  ['a line that goes on', 'A=1\\\n2\nB=3', { A: '12', B: '3' }, []],
  ['lines that are no assignment', 'hello\nA=1\nexport B=2\n1C=3\n', { A: '1' }, [1, 3, 4]],
  ['escapes in double quotes', 'A="\\\\ \\" \\$ \\` \\a"\n', { A: '\\ " $ ` \\a' }, []],
  ['a line that goes on in double quotes', 'A="1\\\n2"\n', { A: '12' }, []],
  ['escapes without quotes', 'A=\\a\\ \\"\n', { A: 'a "' }, []],
  ['quotes next to each other', `A=a"b"'c'd\n`, { A: 'abcd' }, []],
  ['an equals sign in a value', 'A=b=c\n', { A: 'b=c' }, []],
  ['an empty value', 'A=\nB=""\n', { A: '', B: '' }, []],
  ['a comment sign in a value', 'A=1 # 2\n', { A: '1 # 2' }, []],
  ['an indented comment', '  # A=1\n\t;B=2\n', {}, []],
  ['names that are none', '=1\nA-B=2\n_A1=3\nÄ=4\n', { _A1: '3' }, [1, 2, 4]],
  ['a bad line after a value over two lines', 'A="1\n2"\nhello\n', { A: '1\n2' }, [3]],
  ['the last of two values', 'A=1\nA=2\n', { A: '2' }, []],
  ['no line end at its end', 'A=1', { A: '1' }, []],
  ['a quote that is not closed', 'A="1\nB=2\n', { B: '2' }, [1]],
  ['text after a quote that is not closed', "A=1'2\nB=3\n", { B: '3' }, [1]],
  ['blanks around a name and a value', ' \tA \t= \t1 \t\n', { A: '1' }, []],
  ['a blank line', 'A=1\n \t\nB=2\nno\n', { A: '1', B: '2' }, [4]],
  ['nothing', '', {}, []],
])('an environment file with %s is read as systemd does', (_case, text, variables, badLines) => {
  expect(parseEnvironmentFile(text)).toEqual({ variables, badLines });
});
