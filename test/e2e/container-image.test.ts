import { chown, cp, mkdir, readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { makeCertificate } from '../services/certificate.ts';
import { buildContainerImage, IMAGE_NEEDS } from '../services/container-image.ts';
import { startDocker } from '../services/docker.ts';
import { buildImage, file, writeLayout } from '../services/image.ts';
import { spacectl } from '../services/program.ts';
import { NAMESPACES, testWith } from '../services/programs.ts';
import { temporaryFolder } from '../services/temporary.ts';

const IMAGE = 'spacectl:test';
/** Users that the base does not know: the recipe's own, and one of `--user`. */
const [OWN, OTHER] = [65532, 1234];

testWith(
  NAMESPACES,
  ...IMAGE_NEEDS,
  'dockerd',
  'docker',
)(
  'The container image, run by Docker as a user without rights, makes keys and bundles in a mounted directory',
  { timeout: 300_000 },
  async () => {
    const [{ archive, digest }, { docker }, work] = [
      await buildContainerImage(IMAGE),
      await startDocker(),
      await workFolder(),
    ];
    await docker('load', '--quiet', '--input', archive);
    const run = (...args: readonly string[]) =>
      docker('run', '--rm', '--network', 'none', '--volume', `${work}:/work`, ...args);

    const { installation } = JSON.parse(await run(IMAGE, '--version', '--json'));
    expect(installation).toEqual({ kind: 'container-image', path: '/usr/local/bin/spacectl' });
    expect(await docker('image', 'inspect', '--format', '{{.Config.User}}', IMAGE)).toBe(`${OWN}:${OWN}`);

    await run('--user', `${OTHER}:${OTHER}`, IMAGE, 'keypair', 'generate', '--dir', 'keys', '--bits', '2048');
    const key = await stat(path.join(work, 'keys/spacelift.key'));
    expect({ uid: key.uid, mode: key.mode & 0o777 }).toEqual({ uid: OTHER, mode: 0o600 });

    const build = ['ca-bundle', 'build', '--ca', 'ca.pem', '--image', './layout', '--platform', 'linux/amd64'];
    await run('--user', `${OTHER}:${OTHER}`, IMAGE, ...build, '--dir', 'own');
    const packaged = await temporaryFolder();
    expect(await spacectl([...build, '--dir', packaged], { cwd: work })).toMatchObject({ exitCode: 0 });
    const bundle = (dir: string) => readFile(path.join(dir, 'custom-ca-bundle.crt'), 'utf8');
    expect(await bundle(path.join(work, 'own'))).toBe(await bundle(packaged));

    // The recipe's own user may not write where nothing was given to it.
    await expect(run(IMAGE, 'keypair', 'generate', '--dir', 'refused', '--bits', '2048')).rejects.toThrow(
      /permission denied/i,
    );
    expect(await readdir(work)).not.toContain('refused');
    // For jobs of CI, which run a shell in the image.
    expect(await run('--entrypoint', '/bin/sh', IMAGE, '-c', 'spacectl --help && echo done')).toMatch(/done$/);
    if (process.env['TEST_WHOLE']) expect((await buildContainerImage(IMAGE)).digest).toBe(digest);
  },
);

/** A directory of `OTHER` with an image and a CA certificate. */
async function workFolder(): Promise<string> {
  const work = path.join(await temporaryFolder(), 'work');
  const layers = [[file('etc/ssl/certs/ca-certificates.crt', makeCertificate({ subject: { CN: 'Root' } }).pem)]];
  await mkdir(work, { recursive: true });
  await writeLayout(path.join(work, 'layout'), {
    latest: buildImage({ platform: { os: 'linux', architecture: 'amd64' }, layers }),
  });
  await cp('docs/example-ca.pem', path.join(work, 'ca.pem'));
  await chown(work, OTHER, OTHER);
  return work;
}
