import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { normalizeBase } from '../../../src/ca-bundle/base/normalize-base.ts';
import { type ExtendedBundle, extendBundle } from '../../../src/ca-bundle/bundle.ts';
import { UserError } from '../../../src/core/errors.ts';
import { sha256 } from '../../../src/core/sha256.ts';
import { toPem } from '../../services/certificate.ts';
import { make, read } from '../../services/given-certificates.ts';
import { certificates, oddBundle } from '../../services/pem-readers/odd-bundles.ts';
import { bundlesOfGo, bundlesOfOpenssl } from '../../services/pem-readers/read-pem.ts';
import { testWith } from '../../services/programs.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const COUNT = process.env['TEST_WHOLE'] ? 3000 : 150;
const SEED = process.env['PEM_SEED'] ?? new Date().toISOString().slice(0, 10);

/** What is given with --ca: the certificates of the bases, and one more. */
const custom = read([...certificates, make('Another')].map(({ pem }) => pem).join('')).certificates;
const given = custom.map(({ der }) => sha256(der));

function attempt<Result>(action: () => Result): Result | undefined {
  try {
    return action();
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

async function readAll(bundles: readonly Buffer[]): Promise<readonly { go: Set<string>; openssl: Set<string> }[]> {
  const folder = await temporaryFolder();
  const files = bundles.map((_, index) => path.join(folder, `${index}.pem`));
  for (const [index, bytes] of bundles.entries()) writeFileSync(files[index] ?? '', bytes);
  const [go, openssl] = await Promise.all([bundlesOfGo(files), bundlesOfOpenssl(files)]);
  return files.map((_, index) => ({
    go: new Set(go[index]?.certificates),
    openssl: new Set(openssl[index]?.authorities),
  }));
}

testWith('go', 'python3')(
  `Go and OpenSSL find what is added to an odd base (PEM_SEED=${SEED})`,
  async () => {
    const cases = Array.from({ length: COUNT }, (_, index) => {
      const seed = `${SEED} ${index}`;
      const base = oddBundle(seed);
      const kept = attempt(() => extendBundle(base, custom, 'the base'));
      const normalized = attempt(() => extendBundle(base, custom, 'the base', { mustNormalize: true }));
      return { shown: `${seed}:\n${JSON.stringify(base.toString('latin1'))}`, base, kept, normalized };
    });
    // The line that begins what is added ends the last one of the base.
    const asGiven = await readAll(cases.map(({ base }) => Buffer.concat([base, Buffer.from('\n')])));
    const built = await readAll(cases.map(({ kept, base }) => kept?.bytes ?? appended(base)));
    const rewritten = await readAll(cases.map(({ normalized, base }) => normalized?.bytes ?? base));
    for (const [index, { shown, base, kept, normalized }] of cases.entries()) {
      const [before, after, tidy] = [asGiven[index], built[index], rewritten[index]];
      if (!before || !after || !tidy) throw new Error('unreachable');
      const findsAll = given.every((digest) => after.openssl.has(digest));
      if (!kept) expect(before.openssl.size > 0 && findsAll, `rejected, but OpenSSL reads it: ${shown}`).toBe(false);
      if (kept) expectAll(after, given, shown);
      if (kept && kept.warnings.length === 0) expect([...before.go].sort(), shown).toEqual([...before.openssl].sort());
      // Nothing is lost that both could read, and nothing sound that one of them could.
      const readByBoth = [...before.go].filter((digest) => before.openssl.has(digest));
      if (normalized) expectAll(tidy, [...given, ...readByBoth], shown);
      if (normalized) expect(again(base), shown).toBe(true);
      const sound = given.filter((digest) => before.openssl.has(digest) || before.go.has(digest));
      if (!normalized) expect(sound, shown).toEqual([]);
    }
    const outcomes = cases.map(({ kept }: { kept: ExtendedBundle | undefined }) => kept?.warnings.length);
    for (const outcome of [undefined, 0, 1]) {
      expect(outcomes.filter((each) => each === outcome).length).toBeGreaterThan(COUNT / 60);
    }
  },
  5 * 60_000,
);

/** A base to which what is given was appended without a look at it. */
const appended = (base: Buffer) =>
  Buffer.concat([base, Buffer.from(`\n${custom.map(({ der }) => toPem(der)).join('')}`)]);

function expectAll(found: { go: Set<string>; openssl: Set<string> }, digests: readonly string[], shown: string): void {
  expect([...found.go], `Go, ${shown}`).toEqual(expect.arrayContaining([...digests]));
  expect([...found.openssl], `OpenSSL, ${shown}`).toEqual(expect.arrayContaining([...digests]));
}

/** Whether a normalized base stays the same if it is normalized. */
function again(base: Buffer): boolean {
  const { bytes } = normalizeBase(base, 'the base');
  return normalizeBase(bytes, 'the base').bytes.equals(bytes);
}
