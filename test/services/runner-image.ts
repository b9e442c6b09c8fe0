import { cp, mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { execa } from 'execa';
import { temporaryFolder } from './temporary.ts';

/** Makes an OCI layout of a small image that has what a runner's has: a shell, OpenSSL and a trust store, from a host. */
export async function makeRunnerImage(host: string): Promise<string> {
  const [root, layout] = [await temporaryFolder(), path.join(await temporaryFolder(), 'layout')];
  const { stdout } = await execa('chroot', [host, 'ldd', '/usr/bin/openssl']);
  const libraries = [...stdout.matchAll(/(\/\S+) \(/g)].map((match) => match[1] ?? '');
  for (const file of ['/bin/busybox', '/usr/bin/openssl', '/etc/ssl/certs/ca-certificates.crt', ...libraries]) {
    await mkdir(path.join(root, path.dirname(file)), { recursive: true });
    await cp(path.join(host, file), path.join(root, file), { dereference: true });
  }
  await execa('umoci', ['init', '--layout', layout]);
  await execa('umoci', ['new', '--image', `${layout}:latest`]);
  for (const name of ['bin', 'etc', 'usr', 'lib', 'lib64']) {
    const folder = path.join(root, name);
    await mkdir(folder, { recursive: true });
    await execa('umoci', ['insert', '--image', `${layout}:latest`, folder, `/${name}`]);
  }
  await rm(root, { recursive: true });
  return layout;
}
