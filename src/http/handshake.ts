import { isIP, type Socket } from 'node:net';
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { abortReason } from '../core/errors.ts';
import { connectionFailure, timeoutError } from './failure.ts';
import { proxyFor } from './proxy.ts';
import { ProxyFailure } from './proxy-failure.ts';
import { trustedAuthorities } from './trust.ts';
import { openTunnel } from './tunnel.ts';

/** The result of a TLS handshake. */
export interface Handshake {
  /** `TLSv1.3` */
  readonly protocol: string;
  readonly isTrusted: boolean;
  /** Why it is not trusted, as OpenSSL or Node call it: `SELF_SIGNED_CERT_IN_CHAIN`, `ERR_TLS_CERT_ALTNAME_INVALID`, … */
  readonly code?: string;
  /** The server's certificate, followed by the certificates of its issuers as far as they are known. DER. */
  readonly chain: readonly Buffer[];
}

/**
 * Performs a TLS handshake that trusts only the given CA certificates, and sends no data. It uses the process's proxy
 * settings, like every connection.
 *
 * @param authorities PEM, as OpenSSL reads it
 * @throws UserError `SPACECTL_UNREACHABLE` if the handshake fails; `SPACECTL_INTERRUPTED`
 */
export async function performHandshake(
  host: string,
  port: number,
  options: {
    readonly authorities: Buffer;
    /** The name to request and to check the certificate for; the host if left out. */
    readonly servername?: string | undefined;
    /** The time limit for everything, in milliseconds. */
    readonly timeout: number;
    readonly signal: AbortSignal;
  },
): Promise<Handshake> {
  const { authorities, servername = host, signal } = options;
  const url = new URL(`https://${isIP(host) === 6 ? `[${host}]` : host}:${port}`);
  const deadline = AbortSignal.any([signal, AbortSignal.timeout(options.timeout)]);
  let tunnel: Socket | undefined;
  let socket: TLSSocket | undefined;
  try {
    tunnel = await tunnelTo(url, options.timeout, deadline);
    // A name is sent to the server. An address must not be sent (RFC 6066, 3), but the certificate is checked for it.
    const named = isIP(servername) ? { host: servername } : { host, servername };
    socket = connect({
      ...(tunnel ? { socket: tunnel } : { port }),
      ...named,
      ...(!tunnel && { host }),
      ca: authorities,
      rejectUnauthorized: false,
    });
    await waitForEvent(socket, 'secureConnect', deadline);
    return {
      protocol: socket.getProtocol() ?? '',
      isTrusted: socket.authorized,
      ...(!socket.authorized && { code: String(socket.authorizationError) }),
      chain: chainOf(socket.getPeerCertificate(true)),
    };
  } catch (error) {
    if (signal.aborted) throw abortReason(signal);
    const hasTimedOut = deadline.aborted && !(error instanceof ProxyFailure);
    throw connectionFailure(hasTimedOut ? timeoutError() : error, url);
  } finally {
    socket?.destroy();
    tunnel?.destroy();
  }
}

/** Opens a tunnel to a host if a proxy applies to it. */
async function tunnelTo(url: URL, timeout: number, signal: AbortSignal): Promise<Socket | undefined> {
  const proxy = proxyFor(url);
  if (!proxy) return undefined;
  const secureContext = proxy.protocol === 'https:' ? await trustedAuthorities(undefined, process.env) : undefined;
  return openTunnel(proxy, `${url.hostname}:${url.port || 443}`, { secureContext, timeout, signal });
}

/** Waits for an event of a socket. Rejects if the socket fails or the signal is aborted. */
function waitForEvent(socket: TLSSocket, event: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
    signal.addEventListener('abort', () => reject(timeoutError()), { once: true });
  });
}

function chainOf(leaf: DetailedPeerCertificate): readonly Buffer[] {
  const chain: Buffer[] = [];
  const seen = new Set<string>();
  for (let certificate = leaf; certificate?.raw && !seen.has(certificate.fingerprint256); ) {
    seen.add(certificate.fingerprint256);
    chain.push(certificate.raw);
    certificate = certificate.issuerCertificate;
  }
  return chain;
}
