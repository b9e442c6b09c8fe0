import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect, test } from 'vitest';
import { extendBundle } from '../../src/ca-bundle/bundle.ts';
import { buildInputs } from '../../src/ca-bundle/inputs.ts';
import { inspection } from '../../src/ca-bundle/inspect.ts';
import { toPem } from '../services/certificate.ts';
import { expired, make } from '../services/given-certificates.ts';
import { temporaryFolder } from '../services/temporary.ts';

/** The whole takes minutes (`npm run tables`): what is passed as arguments, or recurses, overflows the stack there. */
const COUNT = process.env['TEST_WHOLE'] ? 200_000 : 1_000;
const MINUTES = 5 * 60_000;

/** Many certificates that differ in their serial numbers only; nobody verifies a root's signature. */
function many(der: Buffer): string {
  const copies = Array.from({ length: COUNT }, (_, index) => {
    const copy = Buffer.from(der);
    // Behind the lengths of certificate and TBSCertificate, the version, and the first octet of the serial number.
    copy.writeUInt32BE(index, 17);
    return toPem(copy);
  });
  return copies.join('');
}

test(
  `${COUNT} certificates are no problem as a base, tidy or not, with --ca and in inspect`,
  async () => {
    const pem = many(make('Root').der);
    const folder = await temporaryFolder();
    const [file, old] = [path.join(folder, 'many.pem'), path.join(folder, 'old.pem')];
    await writeFile(file, pem);
    await writeFile(old, many(make('Old', expired).der));
    expect(extendBundle(Buffer.from(pem), [], 'the base').baseCertificates).toBe(COUNT);
    const odd = Buffer.from(`\xef\xbb\xbf${pem}`, 'latin1');
    expect(extendBundle(odd, [], 'the base', { mustNormalize: true }).baseCertificates).toBe(COUNT);
    const options = { 'allow-expired': false, 'skip-expired': true, 'allow-non-ca': false, 'skip-non-ca': false };
    const [given, skipped] = await buildInputs.ca.parse([file, old], options as never);
    expect(given?.certificates).toHaveLength(COUNT);
    expect(skipped?.skipped).toHaveLength(COUNT);
    const result = await inspection.run({ file, sort: 'subject' } as never, new AbortController().signal);
    expect('total' in result && result.total).toBe(COUNT);
  },
  MINUTES,
);
