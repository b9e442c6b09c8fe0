import { randomUUID } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { execa } from 'execa';

/** A token as Spacelift gives one, as far as is publicly known: a certificate for the key, and the broker's endpoint. */
export async function makeToken({
  key,
  endpoint = 'worker-iot.spacelift.io',
}: {
  key: string;
  endpoint?: string;
}): Promise<string> {
  const file = path.join(tmpdir(), `${randomUUID()}.pem`);
  try {
    await execa('openssl', [
      'req',
      '-x509',
      '-new',
      '-key',
      key,
      '-subj',
      '/CN=workers.spacelift.io',
      '-days',
      '30',
      '-out',
      file,
    ]);
    const document = { broker: { endpoint }, certificate: await readFile(file, 'utf8') };
    return Buffer.from(JSON.stringify(document)).toString('base64');
  } finally {
    await rm(file, { force: true });
  }
}
