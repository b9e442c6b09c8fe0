import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { extendBundle } from '../../src/ca-bundle/bundle.ts';
import { readCustomCertificates } from '../../src/ca-bundle/custom/custom-certificates.ts';
import { digestsOf, isTrustedByNode, readWithGo, readWithOpenssl } from '../services/bundle-readers.ts';
import { makeCertificate, tlv, toPem } from '../services/certificate.ts';
import { testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const [A, B, C] = ['A', 'B', 'C'].map((name) => makeCertificate({ subject: { O: 'Test', CN: name } }));
if (!A || !B || !C) throw new Error('unreachable');
const [a, b, c] = [A.pem, B.pem, C.pem];
const digest = ({ der }: { der: Buffer }) => createHash('sha256').update(der).digest('hex');

const lines = (ending: string) => Buffer.from((a + b + c).replaceAll('\n', ending));
const utf16 = Buffer.from(`\u{feff}${a}${b}${c}`, 'utf16le');
/** OpenSSL's own form: the certificate, then what it is trusted for (here: nothing in particular). */
const trusted = toPem(Buffer.concat([B.der, tlv(0x30)]), 'TRUSTED CERTIFICATE');

/**
 * Three certificates with a defect around the second: how many of them Go and OpenSSL see in the file as it is (`refused`:
 * OpenSSL refuses the whole file). What we make of it has all three for everyone.
 */
const defects: readonly (readonly [string, Buffer | string, { go: number; openssl: number | 'refused' }])[] = [
  ['none', a + b + c, { go: 3, openssl: 3 }],
  ['END and BEGIN glued together', a.trimEnd() + b + c, { go: 1, openssl: 'refused' }],
  ['CRLF', lines('\r\n'), { go: 3, openssl: 3 }],
  ['CR CR LF, from a CRLF file through a terminal', lines('\r\r\n'), { go: 0, openssl: 3 }],
  ['CR only', lines('\r'), { go: 0, openssl: 'refused' }],
  ['UTF-16 with a byte order mark', utf16, { go: 0, openssl: 'refused' }],
  ['UTF-16 without one', utf16.subarray(2), { go: 0, openssl: 'refused' }],
  ['UTF-16, big-endian', Buffer.from(utf16).swap16(), { go: 0, openssl: 'refused' }],
  ['a byte order mark at the start', `\u{feff}${a}${b}${c}`, { go: 2, openssl: 3 }],
  ['a byte order mark in the middle', `${a}\u{feff}${b}${c}`, { go: 2, openssl: 3 }],
  ['an indented block, from YAML', a + b.replaceAll(/^(?=.)/gm, '    ') + c, { go: 2, openssl: 2 }],
  ['blank lines inside a block', a + b.replace(/\n.{64}\n/, '$&\n') + c, { go: 3, openssl: 'refused' }],
  ['the label TRUSTED CERTIFICATE', a + trusted + c, { go: 2, openssl: 3 }],
  ['the label X509 CERTIFICATE', a + toPem(B.der, 'X509 CERTIFICATE') + c, { go: 2, openssl: 3 }],
  ['line ends as \\n, from JSON', (a + b + c).replaceAll('\n', '\\n'), { go: 0, openssl: 'refused' }],
  ['one long line', a + b.replace(/(?<=[^-])\n(?!-)/g, '') + c, { go: 3, openssl: 3 }],
  ['text between blocks, no final newline', `${a}# B\nB:\n${b}\n\n${c.trimEnd()}`, { go: 3, openssl: 3 }],
  ['duplicates', a + b + a + c + b, { go: 3, openssl: 3 }],
  ['PEM in base64, from a Kubernetes secret', Buffer.from(a + b + c).toString('base64'), { go: 0, openssl: 'refused' }],
];

const policy = { expired: 'refuse', allowNonCa: false, now: new Date() } as const;

function isTold(base: Buffer | string): boolean {
  try {
    return extendBundle(Buffer.from(base), [], 'the base').warnings.length > 0;
  } catch {
    return true;
  }
}

testWith('go', 'openssl').each(defects)(
  'a bundle built from a file with this defect is read by Go, OpenSSL and Node: %s',
  async (_defect, input, raw) => {
    const folder = await temporaryFolder();
    const given = path.join(folder, 'given.pem');
    await writeFile(given, input);
    const seen = { go: (await readWithGo(given)).length, openssl: (await readWithOpenssl(given))?.length ?? 'refused' };
    expect(seen).toEqual(raw);

    // An image's own bundle keeps its bytes: what is lost in it is told, and nothing else is.
    expect(isTold(input)).toBe(raw.go < 3 || raw.openssl !== 3);

    const base = await readFile('/etc/ssl/certs/ca-certificates.crt');
    expect(extendBundle(base, [], 'the base').warnings).toEqual([]);
    const { certificates } = readCustomCertificates(await readFile(given), given, policy);
    const { bytes } = extendBundle(base, certificates, 'the base');
    const file = path.join(folder, 'bundle.crt');
    await writeFile(file, bytes);
    const all = [...digestsOf(base.toString('latin1')), ...[A, B, C].map(digest)].sort();
    expect(await readWithGo(file)).toEqual(all);
    expect(await readWithOpenssl(file)).toEqual(all);
    expect(await isTrustedByNode(bytes, B)).toBe(true);
  },
);
