import fc from 'fast-check';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Answer, asAsked, bytes, DIGEST, part, read, short, status, whole } from '../../services/blob-registry.ts';

// Without jitter there would be no wait between attempts: this takes it all away.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(-0.5));
afterEach(() => void vi.restoreAllMocks());

test('a body that ends early in order is resumed, too', async () => {
  const { content, ranges } = await read([short(100_000), short(50_000), asAsked()]);
  expect(content.equals(bytes)).toBe(true);
  expect(ranges).toEqual(['all', `bytes=100000-${bytes.length - 1}`, `bytes=150000-${bytes.length - 1}`]);
});

// 416: RFC 9110, 15.5.17; google/go-containerregistry's own registry sends it for ranges that it cannot parse
// (anchore/stereoscope#695). 501: RFC 9110, 15.6.2. The others: gateways that know no ranges. A part that begins elsewhere
// must not be used (RFC 9110, 15.3.7.1; containers/image, docker/body_reader.go, v5.37).
test.each<[string, Answer]>([
  ...[400, 405, 406, 411, 412, 413, 415, 416, 417, 422, 431, 501, 505].map(
    (code) => [`with ${code}`, status(code)] as [string, Answer],
  ),
  ['with a part that begins later', part(200_000, `bytes 200000-${bytes.length - 1}/${bytes.length}`)],
  ['with a part that does not say where it begins', part(100_000, undefined)],
  ['with a part that says it in other words', part(100_000, 'chunks 100000-')],
  [
    'with several parts',
    (_, response) => void response.writeHead(206, { 'content-type': 'multipart/byteranges; boundary=x' }).end('--x--'),
  ],
])('a resume that is refused %s is followed by the whole blob, which is skipped up to there', async (_, refusal) => {
  for (const cut of [asAsked(100_000), short(100_000)]) {
    const { content, code, ranges } = await read([cut, refusal, whole()]);
    expect([code, content.equals(bytes)]).toEqual(['read', true]);
    expect(ranges).toEqual(['all', `bytes=100000-${bytes.length - 1}`, 'all']);
  }
});

test('a registry that refuses ranges is not asked for one again', async () => {
  const { content, ranges } = await read([asAsked(100_000), status(416), whole(200_000), whole()]);
  expect(content.equals(bytes)).toBe(true);
  expect(ranges).toEqual(['all', `bytes=100000-${bytes.length - 1}`, 'all', 'all']);
  const beginning = await read([status(501), whole()], { mode: 'beginning' });
  expect([beginning.content.equals(bytes), beginning.ranges]).toEqual([true, ['bytes=0-65535', 'all']]);
});

test.each<[string, readonly Answer[], number, number]>([
  ['and refuses ranges', [short(100_000, false), status(416), short(100_000, false)], 100_000, 4],
  ['whatever is asked for', [short(100_000, false)], 100_000, 3],
  ['with nothing in it', [short(0, false)], 0, 3],
])(
  'a blob that is shorter at the registry itself is not asked for again and again: %s',
  async (_, answers, at, count) => {
    const { content, code, message, ranges, registry } = await read(answers);
    expect([content.length, code, ranges.length]).toEqual([at, 'SPACECTL_UNREACHABLE', count]);
    expect(message).toBe(`The blob ${DIGEST} from ${registry.host} ended early, after ${at} of ${bytes.length} bytes`);
  },
);

test('a blob that breaks at the same place each time says how far it came, and why', async () => {
  const { code, message, registry } = await read([asAsked(100_000), asAsked(0)]);
  expect(code).toBe('SPACECTL_UNREACHABLE');
  expect(message).toBe(
    `The blob ${DIGEST} ended early, after 100000 of ${bytes.length} bytes. Cannot reach ${registry.host}: the connection was closed before the response was complete`,
  );
});

test('a part that was not asked for is not taken for the beginning', async () => {
  const { code, ranges, content } = await read([part(5000, `bytes 5000-${bytes.length - 1}/${bytes.length}`)]);
  expect([code, ranges.length, content.length]).toEqual(['SPACECTL_UNREACHABLE', 6, 0]);
});

/** One fault of a registry, a line or a proxy. Those that bring a part bring bytes of the blob, in the place they name. */
const fault = fc.oneof(
  fc.nat(bytes.length).map((length) => ({ name: `breaks after ${length}`, answer: asAsked(length) })),
  fc.nat(bytes.length).map((length) => ({ name: `ends after ${length}`, answer: short(length) })),
  fc.nat(bytes.length).map((length) => ({ name: `the whole ends after ${length}`, answer: short(length, false) })),
  fc.nat(bytes.length).map((length) => ({ name: `the whole breaks after ${length}`, answer: whole(length) })),
  fc.constantFrom(400, 405, 416, 501).map((code) => ({ name: `${code}`, answer: refusing(code) })),
  fc.constantFrom(500, 502, 503).map((code) => ({ name: `${code}`, answer: status(code) })),
  fc.nat(bytes.length - 1).map((first) => ({
    name: `a part from ${first}`,
    answer: part(first, `bytes ${first}-${bytes.length - 1}/${bytes.length}`),
  })),
);

/** Refuses ranges, and sends the whole. */
function refusing(code: number): Answer {
  return (request, response, range) =>
    request.headers.range ? void response.writeHead(code).end() : whole()(request, response, range);
}

test('Whatever goes wrong, the bytes are those of the blob, and a few faults in a row do no harm', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fault, { maxLength: 8 }),
      fc.constantFrom('whole', 'beginning'),
      fc.boolean(),
      async (faults, mode, isLasting) => {
        const answers = faults.map(({ answer }) => answer);
        if (!isLasting || answers.length === 0) answers.push(asAsked());
        const { content, code, ranges } = await read(answers, { mode });
        expect(content.equals(bytes.subarray(0, content.length))).toBe(true);
        expect(ranges.length).toBeLessThan(40);
        if (code === 'read') expect(content.length).toBe(bytes.length);
        else expect(code).toBe('SPACECTL_UNREACHABLE');
        if (!isLasting && faults.length <= 2) expect(code).toBe('read');
      },
    ),
    { numRuns: 60 },
  );
});
