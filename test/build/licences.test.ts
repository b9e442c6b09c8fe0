import { readFile } from 'node:fs/promises';
import { beforeAll, expect, test } from 'vitest';
import { bundle } from '../../build/bundle.mjs';
import { licencesOf, noticesIn } from '../../build/licences.mjs';

let modules: readonly string[];
let licences: string;

beforeAll(async () => {
  modules = (await bundle(process.cwd())).flatMap(({ moduleIds }) => moduleIds);
  licences = await licencesOf(modules);
});

test('Every holder of a copyright who is named in a bundled module is named beside the program', async () => {
  const files = modules.filter((id) => id.includes('/node_modules/')).map((id) => id.split('?')[0] ?? '');
  const sources = await Promise.all([...new Set(files)].map((file) => readFile(file, 'utf8')));
  const named = sources.flatMap((source) => source.match(/(?:\(c\)|copyright) *\d{4}.*/gi) ?? []);
  const holders = named.map((line) => line.replace(/\s*(?:\*\/.*)?$/, ''));
  expect(holders.length).toBeGreaterThan(50);
  expect(holders.filter((holder) => !licences.includes(holder))).toEqual([]);
  for (const hidden of ['noble-ciphers', 'noble-curves', 'noble-hashes']) expect(licences).toContain(hidden);
});

test('Every bundled package has its licence text, or shares one with a package of the same project', () => {
  const parts = licences.split(`\n${'-'.repeat(80)}\n`);
  expect(parts.length).toBeGreaterThan(20);
  const [headings, texts] = [0, 1].map((part) => parts.map((each) => each.split(/\n([\s\S]*)/)[part] ?? ''));
  const without = headings?.filter((_, index) => !/permission|license/i.test(texts?.[index] ?? ''));
  expect(without?.filter((heading) => !/^@aws-sdk\/.*\(Apache-2\.0\)$/.test(heading))).toEqual([]);
  expect(licences).toMatch(/^@aws-sdk\/client-ec2 .*\n\s*Apache License$/m);
});

test('A notice is a comment in one block, or in lines that follow each other', () => {
  expect(noticesIn('/*! x - MIT (c) 2020 A */ code\n// Copyright 2021 B\n// free\ncode(); // other\n/* c */')).toEqual([
    'x - MIT (c) 2020 A',
    'Copyright 2021 B\nfree',
  ]);
});
