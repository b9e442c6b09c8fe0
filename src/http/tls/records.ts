import { createDecipheriv, createHmac } from 'node:crypto';

/** A message of a handshake (RFC 8446, 4). */
export interface HandshakeMessage {
  /** 2 is ServerHello, 11 Certificate. */
  readonly type: number;
  readonly body: Buffer;
}

const HANDSHAKE = 22;
const APPLICATION_DATA = 23;
const SERVER_HELLO = 2;

/** The cipher suites of TLS 1.3 (RFC 8446, B.4) that Node has. */
const SUITES: Readonly<
  Record<number, { cipher: 'aes-128-gcm' | 'aes-256-gcm' | 'chacha20-poly1305'; hash: string; keyBytes: number }>
> = {
  4865: { cipher: 'aes-128-gcm', hash: 'sha256', keyBytes: 16 },
  4866: { cipher: 'aes-256-gcm', hash: 'sha384', keyBytes: 32 },
  4867: { cipher: 'chacha20-poly1305', hash: 'sha256', keyBytes: 32 },
};

/**
 * Returns the messages of a handshake, up to the last one that is complete. Those of TLS 1.3 are encrypted after the
 * ServerHello.
 *
 * @param received what a server sent, from the first byte
 * @param secret SERVER_HANDSHAKE_TRAFFIC_SECRET, as the connection logged it
 */
export function handshakeMessagesIn(received: Buffer, secret: Buffer | undefined): readonly HandshakeMessage[] {
  const messages: HandshakeMessage[] = [];
  let decrypt: ((header: Buffer, body: Buffer) => Buffer | undefined) | undefined;
  let pending = Buffer.alloc(0);
  for (const { type, header, body } of recordsIn(received)) {
    if (type !== HANDSHAKE && type !== APPLICATION_DATA) continue;
    const content = type === HANDSHAKE ? body : decrypt?.(header, body);
    if (!content) break;
    pending = Buffer.concat([pending, content]);
    for (let message = firstMessage(pending); message; message = firstMessage(pending)) {
      messages.push(message);
      pending = pending.subarray(4 + message.body.length);
      if (message.type === SERVER_HELLO) decrypt = decryption(cipherSuiteOf(message.body), secret);
    }
  }
  return messages;
}

/** Returns the number of the cipher suite that a ServerHello (RFC 8446, 4.1.3) chose. */
export function cipherSuiteOf(serverHello: Buffer): number {
  const afterSession = 35 + (serverHello[34] ?? 0);
  return serverHello.length >= afterSession + 2 ? serverHello.readUInt16BE(afterSession) : 0;
}

/** Reads the records (RFC 8446, 5.1) that are complete. */
function* recordsIn(received: Buffer): Generator<{ type: number; header: Buffer; body: Buffer }> {
  for (let offset = 0; offset + 5 <= received.length; ) {
    const end = offset + 5 + received.readUInt16BE(offset + 3);
    if (end > received.length) return;
    const header = received.subarray(offset, offset + 5);
    yield { type: received[offset] as number, header, body: received.subarray(offset + 5, end) };
    offset = end;
  }
}

function firstMessage(bytes: Buffer): HandshakeMessage | undefined {
  if (bytes.length < 4) return undefined;
  const end = 4 + bytes.readUIntBE(1, 3);
  return end > bytes.length ? undefined : { type: bytes[0] as number, body: bytes.subarray(4, end) };
}

/** Returns a function that decrypts one record after the other (RFC 8446, 5.2 and 7.3), and its content without padding. */
function decryption(suite: number, secret: Buffer | undefined) {
  const { cipher, hash, keyBytes } = SUITES[suite] ?? {};
  if (!cipher || !hash || !keyBytes || !secret) return undefined;
  const key = expandLabel(hash, secret, 'key', keyBytes);
  const iv = expandLabel(hash, secret, 'iv', 12);
  let sequence = 0;
  return (header: Buffer, body: Buffer): Buffer | undefined => {
    const nonce = Buffer.from(iv);
    nonce.writeUInt32BE((nonce.readUInt32BE(8) ^ sequence++) >>> 0, 8);
    try {
      // The types of Node treat the ciphers apart; all three are used alike.
      const opened = createDecipheriv(cipher as 'aes-128-gcm', key, nonce, { authTagLength: 16 });
      opened.setAAD(header);
      opened.setAuthTag(body.subarray(-16));
      const padded = Buffer.concat([opened.update(body.subarray(0, -16)), opened.final()]);
      const last = padded.findLastIndex((octet) => octet !== 0);
      return padded[last] === HANDSHAKE ? padded.subarray(0, last) : Buffer.alloc(0);
    } catch {
      return undefined;
    }
  };
}

/** HKDF-Expand-Label with an empty context (RFC 8446, 7.1), for results no longer than the hash. */
function expandLabel(hash: string, secret: Buffer, label: string, length: number): Buffer {
  const name = Buffer.from(`tls13 ${label}`);
  const info = Buffer.concat([Buffer.from([0, length, name.length]), name, Buffer.from([0, 1])]);
  return createHmac(hash, secret).update(info).digest().subarray(0, length);
}
