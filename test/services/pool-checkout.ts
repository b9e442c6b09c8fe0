import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { makeCertificate } from './certificate.ts';
import { buildImage, file, writeLayout } from './image.ts';
import { spacectl } from './program.ts';
import { temporaryFolder } from './temporary.ts';

/** A checkout as CI has it of a repository with a pool's directory: with neither the key nor a token. */
export interface PoolCheckout {
  /** Its top directory; the pool is in `pool`. */
  readonly dir: string;
  /** Runs git in it. */
  git(...args: readonly string[]): Promise<string>;
  /** Changes the bundle of the runner image. */
  changeImage(): Promise<void>;
}

/** Makes such a checkout, whose files are fresh; its workers use a protocol that is retired. The image is a layout in the checkout. */
export async function poolCheckout(): Promise<PoolCheckout> {
  const [made, dir] = [await temporaryFolder(), path.join(await temporaryFolder(), 'checkout')];
  const inMade = (...args: readonly string[]) => execa('git', args, { cwd: made });
  await writeImage(path.join(made, 'image'));
  await cp('docs/example-ca.pem', path.join(made, 'ca.pem'));
  const targets = ['systemd', 'cloud-init'].flatMap((target) => ['--target', target]);
  // What a person has to change: nothing that is built again.
  const left = ['--worker-comms', 'mqtt'];
  const options = [
    '--no-input',
    '--bits',
    '2048',
    ...left,
    '--ca',
    'ca.pem',
    '--image',
    './image',
    '--platform',
    'linux/amd64',
  ];
  const { exitCode, stderr } = await spacectl(['init', 'pool', ...options, ...targets], { cwd: made });
  if (exitCode !== 0) throw new Error(`no pool to check out: ${stderr}`);
  await inMade('init', '--quiet', '--initial-branch=main');
  await inMade('add', '.');
  await inMade(...PERSON, 'commit', '--quiet', '--message', 'pool');
  await execa('git', ['clone', '--quiet', made, dir]);
  return {
    dir,
    git: async (...args) => (await execa('git', [...PERSON, ...args], { cwd: dir })).stdout,
    changeImage: async () => {
      await rm(path.join(dir, 'image'), { recursive: true });
      await writeImage(path.join(dir, 'image'));
    },
  };
}

const PERSON = ['-c', 'user.name=test', '-c', 'user.email=test@example.com'];

/** An image with a bundle of a root that is made for it. */
async function writeImage(folder: string): Promise<void> {
  const { pem } = makeCertificate({ subject: { O: 'Roots', CN: 'Root' } });
  const layers = [[file('etc/ssl/certs/ca-certificates.crt', pem)]];
  await mkdir(folder, { recursive: true });
  await writeLayout(folder, { latest: buildImage({ platform: { os: 'linux', architecture: 'amd64' }, layers }) });
}
