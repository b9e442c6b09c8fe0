import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { connect, createServer } from 'node:tls';
import { execa } from 'execa';
import { type MadeCertificate, makeCertificate } from './certificate.ts';
import { buildGo } from './go.ts';

/** The certificates that Go's x509 takes from a bundle, as Terraform does: hexadecimal SHA-256, sorted, each once. */
export async function readWithGo(file: string): Promise<readonly string[]> {
  const { stdout } = await execa(await buildGo('test/services/read-bundle/main.go', 'read-bundle'), [file]);
  return sorted(stdout.split('\n').filter(Boolean));
}

/**
 * The certificates that OpenSSL takes from a bundle, as git and curl do; `undefined` where it refuses the whole file.
 * `crl2pkcs7` reads with PEM_X509_INFO_read_bio, as X509_load_cert_crl_file does for `SSL_CTX_load_verify_locations`.
 */
export async function readWithOpenssl(file: string): Promise<readonly string[] | undefined> {
  const copy = `${file}.p7b`;
  const made = await execa('openssl', ['crl2pkcs7', '-nocrl', '-certfile', file, '-out', copy], { reject: false });
  if (made.exitCode !== 0) return undefined;
  const { stdout } = await execa('openssl', ['pkcs7', '-in', copy, '-print_certs']);
  await rm(copy);
  const digests = digestsOf(stdout);
  // Then X509_load_cert_crl_file says "no certificate or crl found".
  return digests.length > 0 ? digests : undefined;
}

/** Whether Node, given the bundle as it is, trusts a server whose certificate this authority has signed. */
export async function isTrustedByNode(bundle: Buffer, authority: MadeCertificate): Promise<boolean> {
  const subject = { CN: 'localhost' };
  const leaf = makeCertificate({ subject, issuer: authority, isCa: false, names: ['localhost'] });
  const key = leaf.keys.privateKey.export({ type: 'pkcs8', format: 'pem' });
  const server = createServer({ key, cert: leaf.pem }, (socket) => socket.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const socket = connect({ host: '127.0.0.1', port, servername: 'localhost', ca: bundle });
  try {
    await once(socket, 'secureConnect');
    return socket.authorized;
  } catch {
    return false;
  } finally {
    socket.destroy();
    server.close();
  }
}

/** Hexadecimal SHA-256 of each certificate of well-formed PEM, sorted, each once. */
export function digestsOf(pem: string): readonly string[] {
  const blocks = pem.match(/^-----BEGIN CERTIFICATE-----\r?\n[\s\S]*?^-----END CERTIFICATE-----\r?$/gm) ?? [];
  return sorted(blocks.map((block) => new X509Certificate(block).fingerprint256.replaceAll(':', '').toLowerCase()));
}

function sorted(texts: readonly string[]): readonly string[] {
  return [...new Set(texts)].sort();
}
