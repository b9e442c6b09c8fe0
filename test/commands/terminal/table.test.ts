import { expect, test } from 'vitest';
import { type Column, formatTable } from '../../../commands/terminal/table.ts';

interface Pool {
  readonly name: string;
  readonly workers: number;
}

const columns: readonly Column<Pool>[] = [
  { title: 'NAME', cell: ({ name }) => name, canShrink: true },
  { title: 'WORKERS', cell: ({ workers }) => String(workers), align: 'right' },
];

test('columns are as wide as their widest cell, numbers align to the right, and no line ends in a blank', () => {
  const rows = [
    { name: 'eu', workers: 3 },
    { name: 'us-east', workers: 12 },
  ];
  expect(formatTable(columns, rows)).toBe('NAME     WORKERS\neu             3\nus-east       12\n');
  expect(formatTable([columns[0] as Column<Pool>], rows)).toBe('NAME\neu\nus-east\n');
});

test('wide characters count as two columns', () => {
  const rows = [
    { name: '東京', workers: 1 },
    { name: 'abcd', workers: 2 },
  ];
  expect(formatTable(columns, rows)).toBe('NAME  WORKERS\n東京        1\nabcd        2\n');
});

test('on a narrow terminal only columns that shrink lose their end', () => {
  const rows = [{ name: 'a-very-long-name-of-a-pool', workers: 1234567 }];
  expect(formatTable(columns, rows, { width: 24 }).split('\n')[1]).toBe('a-very-long-na…  1234567');
  expect(formatTable(columns, rows, { width: 5 }).split('\n')[1]).toBe('a-very-long…  1234567');
});

test('a cell can neither break its line nor drive the terminal', () => {
  expect(formatTable(columns, [{ name: 'a\n\u001B[31mb\u202E', workers: 0 }])).toBe(
    `NAME                    WORKERS\n${String.raw`a\n\u{1b}[31mb\u{202e}        0`}\n`,
  );
});

test('a table without rows is not printed', () => {
  expect(formatTable(columns, [])).toBe('');
});
