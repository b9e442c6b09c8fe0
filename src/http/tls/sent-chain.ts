import { handshakeMessagesIn } from './records.ts';

const CERTIFICATE = 11;
const TLS_1_3 = 'TLSv1.3';

/**
 * Returns the certificates that a server sent, in the order in which it sent them. Node itself tells only those that it
 * can put into a chain.
 *
 * @param received what the server sent, from the first byte
 * @param protocol `TLSv1.3`; all earlier versions send certificates unencrypted
 * @param keyLog lines of Node's `keylog` event (NSS Key Log Format)
 * @returns DER; empty if there is none
 */
export function sentChainIn(received: Buffer, protocol: string, keyLog: readonly Buffer[]): readonly Buffer[] {
  const secret = /^SERVER_HANDSHAKE_TRAFFIC_SECRET [0-9a-f]+ ([0-9a-f]+)$/m.exec(Buffer.concat(keyLog).toString())?.[1];
  const messages = handshakeMessagesIn(received, secret === undefined ? undefined : Buffer.from(secret, 'hex'));
  const body = messages.find(({ type }) => type === CERTIFICATE)?.body;
  return body ? certificatesIn(body, protocol === TLS_1_3) : [];
}

/** Reads a Certificate message (RFC 5246, 7.4.2; RFC 8446, 4.4.2: a context before the list, extensions in it). */
function certificatesIn(body: Buffer, isTls13: boolean): readonly Buffer[] {
  const certificates: Buffer[] = [];
  const start = isTls13 ? 1 + (body[0] ?? 0) : 0;
  for (let offset = start + 3; offset + 3 <= body.length; ) {
    const end = offset + 3 + body.readUIntBE(offset, 3);
    if (end > body.length) break;
    certificates.push(body.subarray(offset + 3, end));
    offset = isTls13 && end + 2 <= body.length ? end + 2 + body.readUInt16BE(end) : end;
  }
  return certificates;
}
