import { readdir } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { isSystemError, UserError } from '../../core/errors.ts';
import { readPlaced } from '../../files/read.ts';
import type { ClientCertificate } from '../../http/index.ts';
import type { CredentialOptions } from './login.ts';

/** The certificates that an administrator has put aside for one registry. */
export interface HostCertificates {
  /** PEM of its CAs. */
  readonly certificateAuthority?: string;
  readonly clientCertificate?: ClientCertificate;
}

/**
 * Finds the certificates for a registry in `certs.d/HOST:PORT`, where Docker and Podman look for them: `*.crt` are CAs,
 * `NAME.cert` and `NAME.key` a client certificate. The first folder that exists is read (containers/image,
 * docker/docker_client.go, dockerCertDir, and pkg/tlsclientconfig, v5.37; moby/moby, daemon/pkg/registry/registry.go,
 * b985e23). Of several client certificates, the first by name is used.
 *
 * @param host as references have it: `registry.example.com:5000`, `docker.io`
 * @throws UserError `SPACECTL_BAD_ANSWERS` for a client certificate without its key, or a key without its certificate
 */
export async function findHostCertificates(
  host: string,
  { environment, report, root = '/' }: Omit<CredentialOptions, 'signal'>,
): Promise<HostCertificates> {
  const folders = [
    path.join(environment['HOME'] ?? os.homedir(), '.config/containers/certs.d', host),
    path.join(root, 'etc/containers/certs.d', host),
    path.join(root, 'etc/docker/certs.d', host),
  ];
  for (const folder of folders) {
    const names = await listFolder(folder, report);
    if (names) return certificatesIn(folder, names, report);
  }
  return {};
}

type Report = (progress: string) => void;

/** Lists a folder, sorted; `undefined` if it does not exist or may not be read: its client may not need it. */
async function listFolder(folder: string, report: Report): Promise<readonly string[] | undefined> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (!isSystemError(error, 'ENOENT', 'ENOTDIR')) report(`${folder} cannot be read. Continuing without it`);
    return undefined;
  }
}

async function certificatesIn(folder: string, names: readonly string[], report: Report): Promise<HostCertificates> {
  const read = async (name: string) => {
    try {
      return (await readPlaced(path.join(folder, name))).toString('latin1');
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      report(`${error.message}. Continuing without it`);
      return undefined;
    }
  };
  const authorities = await Promise.all(names.filter((name) => name.endsWith('.crt')).map(read));
  // Docker ignores a file that holds no certificate, too.
  const pem = authorities.filter((text) => text?.includes('-----BEGIN ')).join('\n');
  const [client] = pairsIn(folder, names);
  const certificate = client && (await read(`${client}.cert`));
  const key = client && (await read(`${client}.key`));
  return {
    ...(pem && { certificateAuthority: pem }),
    ...(certificate && key && { clientCertificate: { certificate, key } }),
  };
}

/** Lists the names of the client certificates in a folder. @throws UserError for one of which a half is missing */
function pairsIn(folder: string, names: readonly string[]): readonly string[] {
  const without = (end: string) => names.filter((name) => name.endsWith(end)).map((name) => name.slice(0, -end.length));
  const [certificates, keys] = [without('.cert'), without('.key')];
  const lacking = (one: readonly string[], other: readonly string[]) => one.find((name) => !other.includes(name));
  const [noKey, noCertificate] = [lacking(certificates, keys), lacking(keys, certificates)];
  if (noKey !== undefined) throw incomplete(folder, `${noKey}.cert lacks its key, ${noKey}.key`);
  if (noCertificate !== undefined)
    throw incomplete(folder, `${noCertificate}.key lacks its certificate, ${noCertificate}.cert`);
  return certificates;
}

function incomplete(folder: string, why: string): UserError {
  return new UserError('SPACECTL_BAD_ANSWERS', `Cannot use ${folder}: ${why}`, {
    suggestions: ['A CA certificate is called *.crt there, a client certificate NAME.cert and its key NAME.key'],
  });
}
