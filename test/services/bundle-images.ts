import path from 'node:path';
import { execa } from 'execa';
import { buildImage, file } from './image.ts';

export const linux = (architecture: string) => ({ os: 'linux', architecture });

/** A certificate authority of the test, as files. */
export async function makeAuthority(
  folder: string,
  name: string,
  ...more: readonly string[]
): Promise<{ key: string; certificate: string }> {
  const [key, certificate] = [path.join(folder, `${name}.key`), path.join(folder, `${name}.pem`)];
  const subject = ['-subj', `/O=Test/CN=${name}`, '-days', '30', ...more];
  await execa('openssl', [
    'req',
    '-x509',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-keyout',
    key,
    '-out',
    certificate,
    ...subject,
  ]);
  return { key, certificate };
}

/** An image whose bundle is where Debian has it. */
export const debianLike = (architecture: string, bundle: string, compression: 'gzip' | 'none' = 'gzip') =>
  buildImage({
    compression,
    platform: linux(architecture),
    layers: [[file('etc/os-release', 'ID=debian')], [file('etc/ssl/certs/ca-certificates.crt', bundle)]],
  });
