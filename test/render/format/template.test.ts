import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { fillTemplate } from '../../../src/render/format/template.ts';
import { quoteForUnit } from '../../../src/render/format/unit-value.ts';

const UNIT = 'systemd/spacelift-launcher.service';

/** The names and conditions that the unit's template uses. */
async function usedBy(name: string) {
  const text = await readFile(`templates/${name}`, 'utf8');
  const names = new Set([...text.matchAll(/@([a-z]+)@/g)].map(([, key = '']) => key));
  const conditions = new Set([...text.matchAll(/^#\?!?([a-z]+)/gm)].map(([, key = '']) => key));
  const versions = new Set([...text.matchAll(/^#\?!?([a-z]+)>=\d+/gm)].map(([, key = '']) => key));
  expect(Math.min(names.size, conditions.size, versions.size)).toBeGreaterThan(0);
  const values = Object.fromEntries([...names].map((key) => [key, `value-of-${key}`]));
  const all = (holds: boolean, version: number) =>
    Object.fromEntries([...conditions].map((key) => [key, versions.has(key) ? version : holds]));
  return { text, values, all };
}

const same = (value: string) => value;

test('a line that includes another template becomes its lines', async () => {
  const part = await readFile('templates/host/setting.sh', 'utf8');
  const whole = await readFile('templates/host/spacelift-with-credentials', 'utf8');
  const filled = await fillTemplate('host/spacelift-with-credentials', {}, same);
  expect(filled).toBe(whole.replace('#include host/setting.sh\n', () => part));
});

test('every name becomes its value through the escaper, and no mark of the template is left', async () => {
  const { values, all } = await usedBy(UNIT);
  const filled = await fillTemplate(UNIT, values, (value) => `<${value}>`, all(true, 999));
  for (const value of Object.values(values)) expect(filled).toContain(`<${value}>`);
  expect(filled).not.toMatch(/@[a-z]+@|^#\?/m);
});

test('a line with a condition is kept without its mark if the condition holds, and left out if not', async () => {
  const { text, values, all } = await usedBy(UNIT);
  const [, line = ''] = /^#\?docker (.*)$/m.exec(text) ?? [];
  expect(line).not.toBe('');
  const lines = async (isDocker: boolean) =>
    (await fillTemplate(UNIT, values, same, { ...all(true, 999), docker: isDocker })).split('\n');
  expect(await lines(true)).toContain(line);
  expect(await lines(false)).not.toContain(line);
});

test('a line whose condition is negated is kept without its mark if the condition does not hold, and left out if it does', async () => {
  const { text, values, all } = await usedBy(UNIT);
  const [, key = '', line = ''] = /^#\?!([a-z]+) (.*)$/m.exec(text) ?? [];
  expect(line).not.toBe('');
  const lines = async (holds: boolean) =>
    (await fillTemplate(UNIT, values, same, { ...all(true, 999), [key]: holds })).split('\n');
  expect(await lines(false)).toContain(line);
  expect(await lines(true)).not.toContain(line);
});

test('a line for a version is kept from exactly that version on', async () => {
  const { text, values, all } = await usedBy(UNIT);
  const [, key = '', least, line = ''] = /^#\?([a-z]+)>=(\d+) (.*)$/m.exec(text) ?? [];
  expect(line).not.toBe('');
  const lines = async (version: number) => {
    const conditions = { ...all(true, 999), [key]: version };
    return (await fillTemplate(UNIT, values, same, conditions)).split('\n');
  };
  expect(await lines(Number(least))).toContain(line);
  expect(await lines(Number(least) + 1)).toContain(line);
  expect(await lines(Number(least) - 1)).not.toContain(line);
});

test('a value or condition that is missing, or a value that the template does not use, is a bug', async () => {
  const { values, all } = await usedBy(UNIT);
  const [first = ''] = Object.keys(values);
  const { [first]: _, ...fewer } = values;
  await expect(fillTemplate(UNIT, fewer, same, all(true, 999))).rejects.toThrow(`template ${UNIT} needs ${first}`);
  await expect(fillTemplate(UNIT, values, same)).rejects.toThrow(/needs the condition [a-z]+$/);
  const more = { ...values, one: '1', two: '2' };
  await expect(fillTemplate(UNIT, more, same, all(true, 999))).rejects.toThrow(
    `template ${UNIT} does not use one, two`,
  );
});

test('a value is put in as it is, also if it looks like a name or a replacement pattern', async () => {
  const { values, all } = await usedBy(UNIT);
  const [first = '', second = ''] = Object.keys(values);
  const odd = { ...values, [first]: `$& $1 @${second}@` };
  expect(await fillTemplate(UNIT, odd, same, all(true, 999))).toContain(`$& $1 @${second}@`);
});

// systemd.syntax(7), systemd.unit(5).
test.each([
  ['plain', 'plain'],
  ['A-z_0+=:,./@', 'A-z_0+=:,./@'],
  ['', '""'],
  ['50%', '50%%'],
  ['%h %%', '"%%h %%%%"'],
  ['a b', '"a b"'],
  ['a"b\\c', '"a\\"b\\\\c"'],
  ["it's", '"it\'s"'],
  ['$HOME;', '"$HOME;"'],
  ['é', '"é"'],
])('%j is %s in a unit', (text, quoted) => {
  expect(quoteForUnit(text)).toBe(quoted);
});

test.each(['\n', '\r', '\0'])('%j in a unit is a bug: it must have been refused before', (character) => {
  expect(() => quoteForUnit(`a${character}b`)).toThrow('a line break in a unit: its input must refuse it');
});
