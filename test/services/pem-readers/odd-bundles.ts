import { Random } from '../../fuzz/random.ts';
import { makeCertificate, tlv, toPem } from '../certificate.ts';

export const certificates = ['A', 'B', 'C'].map((CN) => makeCertificate({ subject: { O: 'Test', CN } }));

/** One block of a bundle, as text; mostly a certificate. */
type Change = (block: string, random: Random) => string;

const everyLine = (change: (line: string) => string) => (block: string) => block.replaceAll(/[^\n]+/g, change);
const withEnds = (ending: string) => (block: string) => block.replaceAll('\n', ending);

/** Inserts a text at the start of a line, or anywhere. */
function insert(block: string, random: Random, text: string, isLine = true): string {
  const starts = [...block.matchAll(/^/gm)].map(({ index }) => index);
  const at = isLine ? (random.pick(starts) ?? 0) : random.below(block.length + 1);
  return block.slice(0, at) + text + block.slice(at);
}

const body = (block: string) => /(?<=-\n)[^-]+(?=\n-)/.exec(block)?.[0] ?? '';
const withBody = (change: (base64: string, random: Random) => string) => (block: string, random: Random) =>
  block.replace(/(?<=-\n)[^-]+(?=\n-)/, (base64) => change(base64, random));

const LINES = [
  ...['', ' ', '\t', '\r', '\x0b', '\0', '\0x', 'x\0', ':', 'Key: value', 'Proc-Type: 4,ENCRYPTED', '# comment'],
  ...['-', '--', '-----BEGIN CERTIFICATE-----', '-----END CERTIFICATE-----', '-----BEGIN X-----', ' -----BEGIN X-----'],
  ...['-----BEGIN CERTIFICATE----', '-----END CERTIFICATE----', '-----BEGIN -----', '-----END X-----', '-----END '],
  ...['x'.repeat(253), 'x'.repeat(254), 'x'.repeat(255), `${'x'.repeat(254)}-----BEGIN CERTIFICATE-----`],
  ...['QUJD', 'QQ==', '=', 'A'.repeat(64), 'A'.repeat(65)],
];
const CHARACTERS = [...'\0\t\n\r\x0b\x0c\x1a :=-+/A_.', '\xef\xbb\xbf', '\xe9x', '\r\n', '\n\n', '==', '-----'];
const LABELS = ['X509 CERTIFICATE', 'TRUSTED CERTIFICATE', 'certificate', 'CERTIFICATE ', 'X509 CRL', 'PKCS7', 'X', ''];

const CHANGES: readonly Change[] = [
  (block, random) => block.replaceAll('CERTIFICATE', random.pick(LABELS)),
  (block, random) => block.replace('CERTIFICATE', random.pick(LABELS)),
  (block, random) => insert(block, random, `${random.pick(LINES)}\n`),
  (block, random) => insert(block, random, `${random.pick(LINES)}\n`),
  (block, random) => insert(block, random, random.pick(CHARACTERS), false),
  (block, random) => insert(block, random, random.pick(CHARACTERS), false),
  (block, random) =>
    block.replace(/-----(?=\n)/, (end) => end + random.pick([' ', '\t', '\r', ' \r', '\0', ' x', '-'])),
  (block, random) => block.replace(/\n$/, random.pick(['', '\r', ' ', '\n\n', '\0', '\0\n'])),
  (block, random) => random.pick(['\xef\xbb\xbf', '\xef\xbb\xbf\n', ' ', 'x', '\n']) + block,
  (block, random) => block.replace(random.pick([/^.*\n/, /-----END.*\n/, /\n[^\n]*(?=\n-)/, /\n[^\n]{64}/]), ''),
  (block, random) => everyLine((line) => random.pick(['  ', '\t', '']) + line)(block),
  (block, random) => everyLine((line) => line + random.pick([' ', '\t', '\r', '', '']))(block),
  (block, random) => withEnds(random.pick(['\r\n', '\r', '\r\r\n', '\n\n', '\\n', '']))(block),
  withBody((base64) => base64.replaceAll('\n', '')),
  withBody((base64, random) =>
    base64
      .replaceAll('\n', '')
      .replaceAll(new RegExp(`.{${random.pick([1, 60, 76, 253, 254, 255, 508])}}(?=.)`, 'g'), '$&\n'),
  ),
  withBody((base64, random) => base64.replace(/=*$/, random.pick(['', '=', '==', '===', '====', 'A', 'AA==']))),
  withBody((base64) => `\n${base64}`),
  withBody((base64, random) =>
    Buffer.concat([Buffer.from(base64, 'base64'), Buffer.from(random.pick(['x', '\0', '0\0', 'more']))])
      .toString('base64')
      .replaceAll(/.{64}(?=.)/g, '$&\n'),
  ),
  withBody((base64, random) =>
    Buffer.from(base64, 'base64')
      .subarray(0, random.pick([-1, -40, 4, 0]))
      .toString('base64')
      .replaceAll(/.{64}(?=.)/g, '$&\n'),
  ),
  (block) => toPem(Buffer.concat([Buffer.from(body(block), 'base64'), tlv(0x30)]), 'TRUSTED CERTIFICATE'),
  (block) => block.trimEnd(),
  () => '# a comment\n',
];

/** A bundle of three certificates with one to three changes to its blocks, and now and then text around them. */
export function oddBundle(seed: string): Buffer {
  const random = new Random(seed);
  const blocks = certificates.map(({ pem }) => pem);
  for (let left = 1 + random.below(3); left > 0; left--) {
    const at = random.below(blocks.length);
    blocks[at] = random.pick(CHANGES)(blocks[at] ?? '', random);
  }
  const text = blocks.join('');
  return Buffer.from(random.isOnceIn(10) ? text.replace(/\n$/, '') : text, 'latin1');
}
