import { isIP, type Socket, connect as tcpConnect } from 'node:net';
import { type ConnectionOptions, connect, type PeerCertificate, type TLSSocket } from 'node:tls';
import { abortReason } from '../../core/errors.ts';
import { traceRequest } from '../../core/trace.ts';
import { timeoutError } from '../failure.ts';
import { proxyFor } from '../proxy.ts';
import { ProxyFailure } from '../proxy-failure.ts';
import { trustedAuthorities } from '../trust.ts';
import { openTunnel } from '../tunnel.ts';
import { RecordedSocket } from './recorded.ts';
import { sentChainIn } from './sent-chain.ts';

/** A server, and how to reach it. */
export interface HandshakeTarget {
  readonly host: string;
  readonly port: number;
  /** The name to request and to check the certificate for; the host if left out. */
  readonly servername?: string | undefined;
  /** The time limit for each handshake, in milliseconds. */
  readonly timeout: number;
  readonly signal: AbortSignal;
}

/** What a server answered in a TLS handshake. */
export interface Handshake {
  /** `TLSv1.3` */
  readonly protocol: string;
  /** The cipher suite, as the standards call it: `TLS_DHE_RSA_WITH_AES_128_GCM_SHA256`. */
  readonly cipherSuite: string;
  /** The certificates that the server sent, its own first. DER. */
  readonly sent: readonly Buffer[];
}

/**
 * Connects to a server, through the process's proxy if there is one, performs a handshake, and closes the connection.
 * @param options of TLS itself
 * @param read reads more from the connection before it is closed
 * @throws Error with a code of Node or OpenSSL; ProxyFailure; UserError `SPACECTL_INTERRUPTED`
 */
export async function shakeHands<T>(
  { host, port, servername = host, timeout, signal }: HandshakeTarget,
  options: ConnectionOptions,
  read: (socket: TLSSocket) => T,
): Promise<Handshake & T> {
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(timeout)]);
  traceRequest('TLS handshake with', urlOf(host, port));
  let socket: TLSSocket | undefined;
  let recorded: RecordedSocket | undefined;
  try {
    recorded = new RecordedSocket(await connectTo(host, port, timeout, deadline));
    // A name is sent to the server. An address must not be sent (RFC 6066, 3), but the certificate is checked for it.
    const named = isIP(servername) ? { host: servername } : { host: servername, servername };
    socket = connect({ ...options, ...named, socket: recorded });
    replacePeerCertificate(socket);
    const keyLog: Buffer[] = [];
    socket.on('keylog', (line: Buffer) => keyLog.push(line));
    await waitForEvent(socket, 'secureConnect', deadline);
    const protocol = socket.getProtocol() ?? '';
    const sent = sentChainIn(recorded.received, protocol, keyLog);
    return { protocol, cipherSuite: socket.getCipher().standardName, sent, ...read(socket) };
  } catch (error) {
    if (signal.aborted) throw abortReason(signal);
    throw deadline.aborted && !(error instanceof ProxyFailure) ? timeoutError() : error;
  } finally {
    socket?.destroy();
    recorded?.destroy();
  }
}

/**
 * Lets Node check the name with a certificate of which it knows only the bytes. Describing the whole chain, as it does
 * before it checks a name, makes Node 24 crash at keys on curves that have no name of NIST, such as brainpool's.
 */
function replacePeerCertificate(socket: TLSSocket): void {
  const describe = () => ({ raw: socket.getPeerX509Certificate()?.raw }) as PeerCertificate;
  socket.getPeerCertificate = describe as typeof socket.getPeerCertificate;
}

/** Connects to a host, or opens a tunnel to it if a proxy applies to it. */
async function connectTo(host: string, port: number, timeout: number, signal: AbortSignal): Promise<Socket> {
  const url = urlOf(host, port);
  const proxy = proxyFor(url);
  if (proxy) {
    const secureContext = proxy.protocol === 'https:' ? await trustedAuthorities(undefined, process.env) : undefined;
    return openTunnel(proxy, `${url.hostname}:${port}`, { secureContext, timeout, signal });
  }
  const socket = tcpConnect({ host, port });
  try {
    await waitForEvent(socket, 'connect', signal);
    return socket;
  } catch (error) {
    socket.destroy();
    throw error;
  }
}

/** Returns the URL of a server. */
export function urlOf(host: string, port: number): URL {
  return new URL(`https://${isIP(host) === 6 ? `[${host}]` : host}:${port}`);
}

/** Waits for an event of a socket. Rejects if the socket fails or the signal is aborted. */
function waitForEvent(socket: Socket, event: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    socket.once(event, resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
    signal.addEventListener('abort', () => reject(timeoutError()), { once: true });
  });
}
