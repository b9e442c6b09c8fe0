import { createMessage, generateKey, sign } from 'openpgp';
import { digestFor } from '../../../src/launcher/checksums.ts';
import { verifyArchitecture } from '../../../src/launcher/executable.ts';
import { readSigningKey, verifySignature } from '../../../src/launcher/openpgp.ts';
import { parseVariable } from '../../../src/launcher/variables.ts';
import type { Target } from '../target.ts';

const SUMS = `${'ab'.repeat(32)}  spacelift-launcher-x86_64\n${'cd'.repeat(32)} *./spacelift-launcher-aarch64\n`;

const { privateKey, publicKey } = await generateKey({
  type: 'curve25519',
  userIDs: { name: 'Launcher' },
  format: 'object',
});
const fingerprint = publicKey.getFingerprint().toUpperCase();
const message = await createMessage({ binary: Buffer.from(SUMS) });
const signing = { message, signingKeys: privateKey, detached: true } as const;
const signature = Buffer.from((await sign({ ...signing, format: 'binary' })) as Uint8Array);
const armoured = Buffer.from((await sign({ ...signing, format: 'armored' })) as string);

const signatureTarget = (kind: Target['kind'], seed: Buffer): Target => ({
  kind,
  seeds: [seed],
  async parse(bytes) {
    const key = await readSigningKey(publicKey.write(), fingerprint, 'the key server');
    return (await verifySignature(Buffer.from(SUMS), bytes, key, 'the checksums')).toISOString();
  },
  slowness: 20,
});

async function readKey(bytes: Buffer): Promise<unknown> {
  const { expiresAt } = await readSigningKey(bytes, fingerprint, 'the key server');
  return expiresAt?.toISOString();
}

const program = Buffer.concat([
  Buffer.from('7f454c46020101', 'hex'),
  Buffer.alloc(11),
  Buffer.from([62, 0]),
  Buffer.from(SUMS),
]);

export const LAUNCHER_TARGETS: Readonly<Record<string, Target>> = {
  checksums: {
    kind: 'text',
    seeds: [SUMS, `${'ab'.repeat(32)}\n`],
    parse: (bytes) => digestFor(bytes, 'spacelift-launcher-x86_64'),
  },
  'openpgp-signature': signatureTarget('bytes', signature),
  'openpgp-signature-armoured': signatureTarget('text', armoured),
  'openpgp-key': { kind: 'bytes', seeds: [publicKey.write()], parse: readKey, slowness: 20 },
  'openpgp-key-armoured': { kind: 'text', seeds: [publicKey.armor()], parse: readKey, slowness: 20 },
  program: { kind: 'bytes', seeds: [program], parse: (bytes) => verifyArchitecture(bytes, 'launcher', 'x86_64') },
  'launcher-variable': {
    kind: 'text',
    seeds: ['SPACELIFT_LAUNCHER_RUN_TIMEOUT=70m', 'HTTP_PROXY=http://a', 'SPACELIFT_WORKER_EXTRA_MOUNTS=/a:/b,/c:/d'],
    parse: (bytes) => parseVariable(bytes.toString()),
  },
};
