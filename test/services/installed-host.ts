import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { ENDPOINTS } from '../../src/host/doctor/endpoints.ts';
import { createAuthority } from './authority.ts';
import { putProgram } from './doctor-on-host.ts';
import { startDownloadHost } from './download-host.ts';
import { type BootedHost, createHost } from './host.ts';
import { putKeyPair } from './key-pair.ts';
import { spacectl } from './program.ts';
import { temporaryFolder } from './temporary.ts';
import { makeToken } from './token.ts';

export const NAMES = ENDPOINTS.standard.map(({ host }) => host);

/** A launcher that stays up and connected, unless its settings say otherwise. `word` makes its bytes its own. */
export async function buildLauncher(word: string): Promise<Buffer> {
  const file = path.join(await temporaryFolder(), 'launcher');
  const source = `#include "connection.h"\nconst char *word = "${word}";\nint main(void) { if (getenv("FAIL")) return word[0]; wait_for_runs(); }\n`;
  await execa('gcc', ['-static', '-O1', '-I', 'test/services', '-x', 'c', '-', '-o', file], { input: source });
  return readFile(file);
}

/** A pool's folder with key, token, and a bundle of the image's own and further authorities. */
export async function makePool(dir: string, image: string, authorities: readonly string[]): Promise<void> {
  await putKeyPair(dir);
  await writeFile(path.join(dir, 'worker-pool.config'), await makeToken({ key: path.join(dir, 'spacelift.key') }));
  const given = authorities.flatMap((file) => ['--ca', file]);
  const built = await spacectl(['ca-bundle', 'build', '--dir', dir, '--image', image, ...given]);
  expect({ exitCode: built.exitCode, stderr: built.stderr }).toMatchObject({ exitCode: 0 });
}

/** A host with this program on it, in a world where all of Spacelift's servers are under a test's own authority. */
export async function setUpHost() {
  const tls = await createAuthority(NAMES);
  const base = (await createAuthority()).authority;
  const download = await startDownloadHost();
  const world = await temporaryFolder();
  const publish = async (bytes: Buffer) => {
    await download.publish(bytes);
    for (const [name, content] of download.files) {
      const file = path.join(world, name.startsWith('/vks') ? 'keys.openpgp.org' : 'downloads.spacelift.io', name);
      await mkdir(path.dirname(file), { recursive: true });
      await writeFile(file, content);
    }
  };
  const host = await createHost({ names: [...NAMES, 'spacelift.example.com'] });
  const at = (file: string) => path.join(host.root, file);
  await putProgram(host.root);
  await cp('test/services/stop-at.mjs', at('opt/spacectl/stop-at.mjs'));
  await mkdir(at('root/pool'));
  const company = (await createAuthority()).authority;
  for (const [name, text] of Object.entries({ ca: tls.authority, base, company })) {
    await writeFile(at(`root/${name}.pem`), text);
  }
  await makePool(at('root/pool'), at('root/base.pem'), [at('root/ca.pem'), at('root/company.pem')]);
  // The host trusts the authority itself, and the unit is told which key signs here.
  await cp(at('root/ca.pem'), at('usr/local/share/ca-certificates/test.crt'));
  await execa('chroot', [host.root, 'update-ca-certificates']);
  const dropIn = at('etc/systemd/system/spacelift-launcher.service.d');
  await mkdir(dropIn, { recursive: true });
  await writeFile(
    path.join(dropIn, 'test.conf'),
    `[Service]\nEnvironment=SPACELIFT_LAUNCHER_FINGERPRINT=${download.fingerprint}\n`,
  );
  for (const name of ['certificate', 'key'] as const) await writeFile(path.join(world, name), tls[name]);
  const served = [world, path.join(world, 'certificate'), path.join(world, 'key')];
  host.serve(process.execPath, [path.resolve('test/services/serve-files.mjs'), ...served]);
  return { host, at, publish, fingerprint: download.fingerprint, company };
}

/** Runs the program on the host. */
export function on(booted: BootedHost) {
  return (...args: readonly string[]) => booted.run('node', '/opt/spacectl/dist/run.cjs', ...args);
}

/** Runs it, and kills it when it is about to start another program. */
export function killedOn(booted: BootedHost, before: string) {
  const stop = ['NODE_OPTIONS=--import=/opt/spacectl/stop-at.mjs', 'STOP_WITH=SIGKILL', `STOP_BEFORE=${before}`];
  return async (...args: readonly string[]) => {
    const run = await booted.run('env', ...stop, 'node', '/opt/spacectl/dist/run.cjs', ...args);
    expect({ exitCode: run.exitCode, all: run.all }).toMatchObject({ exitCode: undefined });
  };
}

/** An image with a shell, OpenSSL and a trust store: what the doctor needs of a runner image. */
export const IMPORT_RUNNER = `set -e
mkdir -p /tmp/image/bin /tmp/image/etc/ssl/certs
cp /bin/busybox /tmp/image/bin/
for name in sh cat sha256sum; do ln -sf busybox /tmp/image/bin/$name; done
for file in /usr/bin/openssl $(ldd /usr/bin/openssl | grep -o '/[^ ]*'); do
  mkdir -p "/tmp/image\${file%/*}" && cp -L "$file" "/tmp/image$file"
done
cp /root/base.pem /tmp/image/etc/ssl/certs/ca-certificates.crt
mkdir -p /tmp/image/usr/lib/ssl
ln -sf /etc/ssl/certs/ca-certificates.crt /tmp/image/usr/lib/ssl/cert.pem
tar -C /tmp/image -c . | docker import --change 'ENV PATH=/usr/bin:/bin' - runner:test`;
