import { ERROR_CODES } from '../../../src/core/errors.ts';
import { EXIT_CODES } from '../../../src/core/exit-codes.ts';
import type { Row, Section } from '../page.ts';

/** Lists exit codes, each with its error codes. */
export function exitCodeSections(): readonly Section[] {
  const codes = Object.entries(ERROR_CODES);
  return [
    {
      paragraphs: [
        'Every failure that you can fix has a code that does not change. It is printed with the message; with --json it is error.code. Exit codes are the same with and without --json.',
      ],
    },
    { heading: 'EXIT CODES', rows: Object.entries(EXIT_CODES).map(([exit, meaning]): Row => [exit, meaning]) },
    { heading: 'ERROR CODES', rows: codes.map(([code, { exit, meaning }]): Row => [code, `${exit}: ${meaning}`]) },
  ];
}
