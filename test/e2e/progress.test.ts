import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from 'vitest';
import { linux } from '../services/bundle-images.ts';
import { program, sha256 } from '../services/download-host.ts';
import { startHttpServer } from '../services/http-server.ts';
import { buildImage, file } from '../services/image.ts';
import { PROGRAM } from '../services/program.ts';
import { temporaryFolder } from '../services/temporary.ts';
import { openTerminal } from '../services/terminal.ts';
import { EXAMPLE_CA, withTmux } from '../services/wizard.ts';

const launcher = program(Buffer.alloc(3_000_000, 'launcher '));
const bundle = await readFile('/etc/ssl/certs/ca-certificates.crt');
const image = buildImage({
  platform: linux('amd64'),
  layers: [
    [file('etc/ssl/certs/ca-certificates.crt', bundle), file('usr/lib/x', randomBytes(4_000_000))],
    [file('etc/os-release', 'ID=debian')],
  ],
});
const size = `${(image.layers.reduce((sum, each) => sum + each.size, 0) / 1e6).toFixed(1)} MB`;
const megabytes = String.raw`\d+\.\d MB`;

/** Serves the launcher and the image: what is large in parts, of which the last one waits for `finish`. */
async function startSlowServer() {
  let isFinished = false;
  const server = await startHttpServer(async ({ url }, response) => {
    const name = url?.split('/').at(-1);
    const { bytes } = [image.config, ...image.layers].find(({ digest }) => digest === name) ?? image.manifest;
    const body = name === 'launcher' ? launcher : bytes;
    response.writeHead(200, { 'content-length': body.length });
    let at = 0;
    for (; at + 300_000 < body.length; at += 300_000) {
      response.write(body.subarray(at, at + 300_000));
      await sleep(60);
    }
    while (at > 0 && !isFinished && !response.destroyed) await sleep(20);
    response.end(body.subarray(at));
  });
  const finish = () => {
    isFinished = true;
  };
  return { ...server, finish };
}

/** Runs the program in a terminal, without colours. */
async function open(words: readonly string[]) {
  const cwd = await temporaryFolder();
  const env = { NO_COLOR: '1', HOME: cwd, XDG_STATE_HOME: cwd };
  return openTerminal([process.execPath, PROGRAM, ...words], { cwd, env });
}

const build = ['ca-bundle', 'build', '--dir', 'pool', '--ca', EXAMPLE_CA, '--source', 'registry', '--no-cache'];

withTmux('A terminal shows how much of the launcher has arrived, with the total', async () => {
  const { url, finish } = await startSlowServer();
  const digest = sha256(launcher);
  const source = ['--from', `${url}/launcher`, '--sha256', digest, '--output', 'spacelift-launcher'];
  const terminal = await open(['launcher', 'download', ...source]);
  await terminal.waitFor(/Received [12]\.\d of 3\.0 MB/);
  finish();
  expect(await terminal.ended()).toBe(0);
});

withTmux('A terminal shows how much of an image was read, of how many layers and bytes', async () => {
  const { host, finish } = await startSlowServer();
  const terminal = await open([...build, '--image', `${host}/runner`]);
  await terminal.waitFor(
    new RegExp(`Reading 1 of at most 2 layers, ${megabytes} of at most ${size} at ${megabytes}/s`),
  );
  finish();
  expect(await terminal.ended()).toBe(0);
});

withTmux('--plain writes a line for each layer, with the totals, and never moves the cursor', async () => {
  const { host, finish } = await startSlowServer();
  finish();
  const terminal = await open([...build, '--image', `${host}/runner`, '--plain']);
  expect(await terminal.ended()).toBe(0);
  const text = (await terminal.screen()).replace(/\s+/g, ' ');
  for (const count of [1, 2]) {
    const line = `Read layer [0-9a-f]{12}, ${megabytes}: ${count} of at most 2 layers, ${megabytes} of at most ${size} at`;
    expect(text).toMatch(new RegExp(line));
  }
  expect(await terminal.written()).not.toContain('\u001b');
});
