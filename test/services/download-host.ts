import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { execa } from 'execa';
import { onTestFinished } from 'vitest';
import { startHttpServer } from './http-server.ts';
import { temporaryFolder } from './temporary.ts';

export const machine =
  process.arch === 'arm64' ? { name: 'aarch64', code: 0xb7, other: 0x3e } : { name: 'x86_64', code: 0x3e, other: 0xb7 };

/** What the launcher for this machine is called at the download host. */
export const LAUNCHER = `spacelift-launcher-${machine.name}`;

/** A file that looks like a program for a kind of machine. */
export function program(words: string | Buffer, code = machine.code): Buffer {
  const header = Buffer.alloc(64);
  header.write('\x7fELF\x02\x01', 'latin1');
  header[18] = code;
  return Buffer.concat([header, Buffer.from(words)]);
}

export const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

/** Keys of GnuPG in a keyring of their own. */
export async function createKeyring() {
  const folder = await temporaryFolder();
  const home = path.join(folder, 'gnupg');
  await mkdir(home, { mode: 0o700 });
  onTestFinished(async () => void (await execa('gpgconf', ['--homedir', home, '--kill', 'all'], { reject: false })));
  const gpg = async (...args: string[]) => {
    const words = ['--homedir', home, '--batch', '--yes', '--passphrase', '', '--pinentry-mode', 'loopback', ...args];
    // A signature may end in the byte of a newline.
    return Buffer.from((await execa('gpg', words, { encoding: 'buffer', stripFinalNewline: false })).stdout);
  };
  return {
    home,
    gpg,
    /** Makes a key that may sign; `options` come before the command: `--faked-system-time`. @returns its fingerprint */
    async makeKey(name: string, expires = 'never', usage = 'sign', options: readonly string[] = []): Promise<string> {
      await gpg(...options, '--quick-generate-key', name, 'ed25519', usage, expires);
      const listed = (await gpg('--list-keys', '--with-colons', name)).toString();
      return /^fpr:+([0-9A-F]{40}):/m.exec(listed)?.[1] ?? '';
    },
    /** Takes a key back, with the certificate that was made with it. */
    async revoke(which: string): Promise<void> {
      const file = path.join(home, 'openpgp-revocs.d', `${which}.rev`);
      // GnuPG guards the certificate with a colon against use by accident.
      await writeFile(file, (await readFile(file, 'utf8')).replace(/^:-----/m, '-----'));
      await gpg('--import', file);
    },
    /**
     * Takes a key back, or only its first subkey, for one of the reasons that GnuPG asks for: 0 none, 1 compromised,
     * 2 superseded, 3 no longer used.
     */
    async revokeFor(which: string, reason: number, part: 'key' | 'subkey' = 'key', ...options: string[]) {
      const [commands, answers] =
        part === 'key'
          ? [['--gen-revoke', which], ['y']]
          : [
              ['--edit-key', which],
              ['key 1', 'revkey', 'y'],
            ];
      const input = [...answers, String(reason), '', 'y', 'save', ''].join('\n');
      const { stdout } = await execa(
        'gpg',
        ['--homedir', home, ...options, '--no-tty', '--command-fd', '0', ...commands],
        {
          input,
        },
      );
      if (part === 'subkey') return;
      const file = path.join(folder, 'revocation');
      await writeFile(file, stdout);
      await gpg('--import', file);
    },
    exportKey: (which: string) => gpg('--export', '--armor', which),
    /** The fingerprints of a key and of its subkeys, in order. */
    async fingerprintsOf(which: string): Promise<readonly string[]> {
      const listed = (await gpg('--list-keys', '--with-colons', which)).toString();
      return [...listed.matchAll(/^fpr:+([0-9A-F]{40}):/gm)].map(([, fingerprint = '']) => fingerprint);
    },
    /** What GnuPG says of a detached signature, on its status channel, with the time as it is. */
    async verify(bytes: Buffer, signature: Buffer): Promise<string> {
      const [file, signed] = [path.join(folder, 'signature'), path.join(folder, 'signed')];
      await writeFile(file, signature);
      await writeFile(signed, bytes);
      const args = ['--homedir', home, '--batch', '--status-fd', '1', '--verify', file, signed];
      return (await execa('gpg', args, { reject: false })).stdout;
    },
    /** A detached binary signature. */
    async sign(bytes: Buffer | string, which: string, ...options: string[]): Promise<Buffer> {
      const file = path.join(folder, 'signed');
      await writeFile(file, bytes);
      return gpg(...options, '--local-user', which, '--output', '-', '--detach-sign', file);
    },
  };
}

export type Keyring = Awaited<ReturnType<typeof createKeyring>>;

/** Spacelift's download host and the key server in one, on loopback: files by path, with ranges. */
export async function startDownloadHost(tls?: { certificate: string; key: string }) {
  const keyring = await createKeyring();
  const fingerprint = await keyring.makeKey('launcher@example.com');
  const files = new Map<string, Buffer>();
  /** Bytes after which an answer breaks off, once each. */
  const breaks: number[] = [];
  const server = await startHttpServer((request, response) => {
    const body = files.get(request.url ?? '');
    if (body) answer(request, response, body, request.url === `/${LAUNCHER}` ? breaks.shift() : undefined);
    else response.writeHead(404).end('<html>not here</html>');
  }, tls);
  const host = {
    ...server,
    keyring,
    fingerprint,
    files,
    breaks,
    publishKey: async (which: string) => {
      const key = await keyring.exportKey(which);
      files.set('/key', key);
      files.set(`/vks/v1/by-fingerprint/${which}`, key);
    },
    /** Puts checksums and their signature there. */
    sign: async (sums: string, which = fingerprint, ...options: string[]) => {
      files.set(`/${LAUNCHER}_SHA256SUMS`, Buffer.from(sums));
      files.set(`/${LAUNCHER}_SHA256SUMS.sig`, await keyring.sign(sums, which, ...options));
    },
    /** Puts a launcher there, signed as Spacelift does. */
    publish: async (bytes: Buffer, sums = `${sha256(bytes)}  ${LAUNCHER}\n`) => {
      files.set(`/${LAUNCHER}`, bytes);
      await host.sign(sums);
    },
  };
  await host.publishKey(fingerprint);
  return host;
}

export type DownloadHost = Awaited<ReturnType<typeof startDownloadHost>>;

/** Answers with a file, or the rest of it that a range asks for; `breakAfter`: the connection breaks after as many bytes. */
function answer(
  request: IncomingMessage,
  response: ServerResponse,
  body: Buffer,
  breakAfter: number | undefined,
): void {
  const start = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  if (start >= body.length && start > 0) {
    response.writeHead(416, { 'content-range': `bytes */${body.length}` }).end();
    return;
  }
  const rest = body.subarray(start);
  const range = { 'content-range': `bytes ${start}-${body.length - 1}/${body.length}` };
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': rest.length, ...(start > 0 && range) });
  if (breakAfter === undefined) response.end(rest);
  else response.write(rest.subarray(0, breakAfter), () => response.destroy());
}
