import type { IncomingMessage, ServerResponse } from 'node:http';
import { afterEach, beforeEach, expect, onTestFinished, test, vi } from 'vitest';
import { openRegistryImage, parsePlatform, parseReference, readFirstFile } from '../../../src/oci/index.ts';
import { startHttpServer } from '../../services/http-server.ts';
import { buildImage, buildIndex, file } from '../../services/image.ts';
import { environmentOf, homeWith } from '../../services/login-files.ts';

const platform = parsePlatform('linux/amd64');
const image = buildImage({ platform, layers: [[file('etc/ssl/cert.pem', 'the bundle')]] });
const { index } = buildIndex([image]);
const { signal } = new AbortController();

// Without jitter there would be no wait between attempts: this takes it all away.
beforeEach(() => void vi.spyOn(Math, 'random').mockReturnValue(-0.5));
afterEach(() => void vi.restoreAllMocks());

/** How a body is cut off after some bytes. */
type Cut = (response: ServerResponse, bytes: Buffer, length: number) => void;

const CUTS: Readonly<Record<string, Cut>> = {
  'the connection breaks': (response, bytes, length) => {
    response.writeHead(200, { 'content-length': bytes.length });
    response.write(bytes.subarray(0, length), () => response.destroy());
  },
  'a chunked body breaks': (response, bytes, length) => {
    response.writeHead(200);
    response.write(bytes.subarray(0, length), () => response.destroy());
  },
  // As from HTTP/1.0, or a proxy that frames what it got anew.
  'it ends in order': (response, bytes, length) => {
    response.writeHead(200, { connection: 'close' }).end(bytes.subarray(0, length));
  },
};

/** What is answered to a path: bytes, or nothing. */
function contentOf(url: string): Buffer | undefined {
  const name = url.split('/').at(-1);
  if (name === 'latest') return index.bytes;
  return [index, image.manifest, image.config, ...image.layers].find(({ digest }) => digest === name)?.bytes;
}

/** Reads the image from a registry with tokens, whose answers to one path are cut off some times after half their bytes. */
async function read(path: RegExp, cut: Cut, times: number, hasDigest = true) {
  let left = times;
  const answer = ({ url = '' }: IncomingMessage, response: ServerResponse, bytes: Buffer) => {
    if (path.test(url) && left-- > 0) cut(response, bytes, Math.floor(bytes.length / 2));
    else response.writeHead(200, { 'content-length': bytes.length }).end(bytes);
  };
  const issuer = await startHttpServer((request, response) => answer(request, response, Buffer.from('{"token":"t"}')));
  const registry = await startHttpServer((request, response) => {
    const bytes = contentOf(request.url ?? '');
    if (hasDigest && request.url?.endsWith('latest')) response.setHeader('docker-content-digest', index.digest);
    if (request.headers.authorization !== 'Bearer t')
      response.writeHead(401, { 'www-authenticate': `Bearer realm="${issuer.url}/token"` }).end();
    else if (bytes) answer(request, response, bytes);
    else response.writeHead(404).end();
  });
  const home = await homeWith({});
  const options = { platform, environment: environmentOf(home), root: home, signal };
  const opened = await openRegistryImage(parseReference(`${registry.host}/a`), options);
  onTestFinished(() => opened.close());
  const { bytes } = await readFirstFile(opened, ['/etc/ssl/cert.pem'], { signal });
  return bytes.toString();
}

const PARTS: Readonly<Record<string, RegExp>> = {
  token: /token/,
  index: /latest$/,
  manifest: new RegExp(`${image.manifest.digest}$`),
  configuration: new RegExp(`${image.config.digest}$`),
  layer: new RegExp(`${image.layers[0]?.digest}$`),
};
const cases = Object.entries(PARTS).flatMap(([part, path]) =>
  Object.entries(CUTS).map(([how, cut]) => [part, how, path, cut] as const),
);

test.each(cases)('an answer that is cut off is fetched again or resumed: %s, %s', async (_, __, path, cut) => {
  for (const times of [1, 2]) expect(await read(path, cut, times)).toBe('the bundle');
});

test.each(cases.filter(([part]) => part !== 'configuration'))(
  'one that is cut off each time is never said to be altered: %s, %s',
  async (part, _, path, cut) => {
    const failure = await read(path, cut, 99).catch((error) => error);
    const code = part === 'token' && cut === CUTS['it ends in order'] ? 'SPACECTL_BAD_IMAGE' : 'SPACECTL_UNREACHABLE';
    expect(failure).toMatchObject({ code });
    expect(JSON.stringify([failure.message, failure.suggestions])).not.toMatch(/alter|match/);
    if (/manifest|layer/.test(part))
      expect(failure.message).toMatch(/ended early, after \d+ of \d+ bytes|closed before/);
  },
);

test('an index of unknown size that is cut off says so', async () => {
  const cut = CUTS['it ends in order'] as Cut;
  await expect(read(/latest$/, cut, 99)).rejects.toMatchObject({
    code: 'SPACECTL_UNREACHABLE',
    message: expect.stringMatching(/^The manifest of .* ended early, after \d+ bytes$/),
  });
});

test('a whole body with other bytes is said to be altered', async () => {
  const alter: Cut = (response, bytes) => {
    response.end(
      Buffer.from(
        bytes.toString('latin1').replace(/\d(?=[^\d]*$)/, (digit) => String(9 - Number(digit))),
        'latin1',
      ),
    );
  };
  for (const part of ['index', 'manifest']) {
    await expect(read(PARTS[part] as RegExp, alter, 99)).rejects.toMatchObject({
      code: 'SPACECTL_DIGEST_MISMATCH',
      suggestions: [{ text: expect.stringContaining('alters the data') }],
    });
  }
});
