import { mkdir, readdir, rm, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { expect } from 'vitest';
import { createAuthority } from '../../services/authority.ts';
import { makeImage, setUpBundleHost } from '../../services/bundle-host.ts';
import { startDocker } from '../../services/docker.ts';
import { withoutPrograms } from '../../services/hidden-programs.ts';
import { NAMESPACES, testWith } from '../../services/programs.ts';
import { startRegistry } from '../../services/registry.ts';
import { SHELLS } from '../../services/script.ts';
import { temporaryFolder } from '../../services/temporary.ts';

testWith(
  NAMESPACES,
  'dockerd',
  'docker-registry',
  'openssl',
  'dash',
  'bash',
  'busybox',
)(
  'every shell builds each bundle from the image of the day, follows a new one, and keeps the last without any',
  { timeout: 180_000 },
  async () => {
    const [engine, registry] = [await startDocker(), await startRegistry()];
    for (const shell of SHELLS) {
      const [name = ''] = shell;
      const image = `${registry.host}/${name}:latest`;
      const publish = async (bundle: string) => {
        await makeImage(engine, image, bundle);
        await engine.docker('push', image);
      };
      const { authority: first } = await createAuthority();
      const { authority: second } = await createAuthority();
      // Without its last newline, as some images have it.
      await publish(first.trimEnd());
      const host = await setUpBundleHost(engine, image, shell);
      const built = await host.run();
      expect({ name, exitCode: built.exitCode, stderr: built.stderr }).toMatchObject({ exitCode: 0 });
      expect(await host.read('bundle.crt')).toBe(`${first}${host.authority}`);
      expect(await host.read('bundle-2.crt')).toBe(`# Red Hat's\n${first}${host.authority}`);
      expect((await stat(host.at('bundle.crt'))).mode & 0o777).toBe(0o644);
      expect(await host.result()).toBe('built');

      const { ino } = await stat(host.at('bundle.crt'));
      expect((await host.run()).stderr).toContain('bundle.crt is up to date');
      expect((await stat(host.at('bundle.crt'))).ino).toBe(ino);
      expect(await host.result()).toBe('current');

      // Another machine publishes a new image: this one has the old one still.
      await publish(second);
      await engine.docker('rmi', '--force', image);
      await makeImage(engine, image, first);
      expect(await host.run()).toMatchObject({ exitCode: 0 });
      expect(await host.read('bundle.crt')).toBe(`${second}${host.authority}`);

      await engine.docker('rmi', '--force', image);
      const gone = await host.run({ SPACELIFT_DEFAULT_RUNNER_IMAGE: `${registry.host}/other:latest` });
      expect({ name, exitCode: gone.exitCode, stderr: gone.stderr }).toMatchObject({ exitCode: 0 });
      expect(gone.stderr).toContain('keeping the last');
      expect(await host.result()).toBe('kept');
      expect(await host.read('bundle.crt')).toBe(`${second}${host.authority}`);
      expect(await host.containers()).toBe('');
      expect((await readdir(host.at(''))).sort()).toEqual(['bundle-2.crt', 'bundle.crt', 'custom-ca.crt']);
    }
  },
);

testWith(
  NAMESPACES,
  'dockerd',
  'openssl',
  'dash',
)('the script that builds the bundle fails with the reason if the image has none or a file is in the way', async () => {
  const engine = await startDocker();
  const { authority: base } = await createAuthority();
  const image = 'local/runner:1';
  const host = await setUpBundleHost(engine, image);

  // No image and nothing built before: the launcher must not start, for Docker would mount a directory.
  const nothing = await host.run();
  expect(nothing).toMatchObject({ exitCode: 1 });
  expect(nothing.stderr).toContain('none was built before');
  expect(await readdir(host.at(''))).toEqual(['custom-ca.crt']);
  expect(await host.result()).toBe('failed');

  // A path the image does not have gets what the image trusts elsewhere; a directory Docker made is replaced.
  await makeImage(engine, image, base, false);
  await mkdir(host.at('bundle.crt'));
  const partly = await host.run();
  expect({ exitCode: partly.exitCode, stderr: partly.stderr }).toMatchObject({ exitCode: 0 });
  expect(partly.stderr).toContain('using the one on this host');
  expect(await host.read('bundle.crt')).toBe(`${base}${host.authority}`);
  expect(await host.read('bundle-2.crt')).toBe(`${base}${host.authority}`);

  // An image whose trust store is damaged is no reason to trust less than before.
  await makeImage(engine, image, 'not a certificate\n');
  expect((await host.run()).exitCode).toBe(0);
  expect(await host.read('bundle.crt')).toBe(`${base}${host.authority}`);

  for (const wrong of ['', 'nothing\n', `${base}-----BEGIN PRIVATE KEY-----\n`]) {
    await writeFile(host.at('custom-ca.crt'), wrong);
    expect((await host.run()).exitCode).toBe(1);
  }
  expect(await host.read('bundle.crt')).toBe(`${base}${host.authority}`);
  await rm(host.at('custom-ca.crt'));
  expect((await host.run()).stderr).toContain('custom-ca.crt is missing');
  expect(await host.containers()).toBe('');
});

testWith(
  NAMESPACES,
  'docker',
  'podman',
  'openssl',
  'dash',
)('the script that builds the bundle uses Podman where Docker is missing', async () => {
  const folder = await temporaryFolder();
  const at = (name: string) => path.join(folder, name);
  const storage = `[storage]\ndriver = "vfs"\ngraphroot = "${at('data')}"\nrunroot = "${at('run')}"\n`;
  await writeFile(at('storage.conf'), storage);
  const env = { CONTAINERS_STORAGE_CONF: at('storage.conf') };
  const docker = async (...args: readonly string[]) => (await execa('podman', args, { env })).stdout;
  const { authority: base } = await createAuthority();
  await makeImage({ docker }, 'localhost/runner:1', base);
  const host = await setUpBundleHost({ docker, host: '' }, 'localhost/runner:1');
  host.within.push(...withoutPrograms('docker'));
  const built = await host.run(env);
  expect({ exitCode: built.exitCode, stderr: built.stderr }).toMatchObject({ exitCode: 0 });
  expect(await host.read('bundle.crt')).toBe(`${base}${host.authority}`);
  expect(await host.read('bundle-2.crt')).toBe(`# Red Hat's\n${base}${host.authority}`);
  expect(await host.containers()).toBe('');
});
