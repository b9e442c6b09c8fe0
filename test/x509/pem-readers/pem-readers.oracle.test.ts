import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect } from 'vitest';
import { sha256 } from '../../../src/core/sha256.ts';
import { certificatesReadByGo } from '../../../src/x509/pem-readers/go.ts';
import { readAsOpenssl } from '../../../src/x509/pem-readers/openssl.ts';
import { readTidyPem } from '../../../src/x509/pem-readers/tidy.ts';
import { oddBundle } from '../../services/pem-readers/odd-bundles.ts';
import { bundlesOfGo, bundlesOfOpenssl } from '../../services/pem-readers/read-pem.ts';
import { testWith } from '../../services/programs.ts';
import { temporaryFolder } from '../../services/temporary.ts';

const COUNT = process.env['TEST_WHOLE'] ? 10_000 : 300;
const SEED = process.env['PEM_SEED'] ?? new Date().toISOString().slice(0, 10);

testWith('go', 'python3')(
  `Go and OpenSSL read odd bundles as we say (PEM_SEED=${SEED})`,
  async () => {
    const folder = await temporaryFolder();
    const bundles = Array.from({ length: COUNT }, (_, index) => {
      const seed = `${SEED} ${index}`;
      return { seed, bytes: oddBundle(seed), file: path.join(folder, `${index}.pem`) };
    });
    for (const { bytes, file } of bundles) writeFileSync(file, bytes);
    const files = bundles.map(({ file }) => file);
    const [go, openssl] = await Promise.all([bundlesOfGo(files), bundlesOfOpenssl(files)]);
    let [losses, refusals, tidies] = [0, 0, 0];
    for (const [index, { seed, bytes }] of bundles.entries()) {
      const text = bytes.toString('latin1');
      const shown = `${seed}:\n${JSON.stringify(text)}`;
      expect(certificatesReadByGo(text).map(sha256), `Go, ${shown}`).toEqual(go[index]?.blocks);
      const found = new Set(readAsOpenssl(text).certificates.map(sha256));
      expect(found.size, `OpenSSL, ${shown}`).toBe(openssl[index]?.count);
      expect([...found], `OpenSSL, ${shown}`).toEqual(expect.arrayContaining([...(openssl[index]?.authorities ?? [])]));
      if (found.size === 0) refusals++;
      else if (found.size !== go[index]?.blocks.length) losses++;
      const tidy = readTidyPem(text);
      if (tidy) tidies++;
      if (tidy)
        expect([...new Set(tidy.map(sha256))].sort(), `tidy, ${shown}`).toEqual([...new Set(go[index]?.blocks)].sort());
    }
    // The bundles are odd in ways that matter.
    for (const each of [losses, refusals, tidies]) expect(each).toBeGreaterThan(COUNT / 40);
  },
  5 * 60_000,
);
