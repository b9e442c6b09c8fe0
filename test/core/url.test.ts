import { expect, test } from 'vitest';
import { parseUrl } from '../../src/core/url.ts';

test('A text is a URL or not, however often it is asked', () => {
  expect(parseUrl('https://a.example/b')?.href).toBe('https://a.example/b');
  expect(parseUrl('/c', 'https://a.example/b')?.href).toBe('https://a.example/c');
  // Enough calls for V8 to optimize.
  for (let count = 0; count < 20_000; count++) expect(parseUrl(`https://a\u00e1 ${count}`)).toBeUndefined();
});
