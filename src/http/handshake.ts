import { isIP, type Socket } from 'node:net';
import { connect, type DetailedPeerCertificate, type TLSSocket } from 'node:tls';
import { abortReason } from '../core/errors.ts';
import { connectionFailure, timedOut } from './failure.ts';
import { proxyFor } from './proxy.ts';
import { ProxyFailure } from './proxy-failure.ts';
import { trustedAuthorities } from './trust.ts';
import { openTunnel } from './tunnel.ts';

/** What a TLS server showed of itself. */
export interface Handshake {
  /** `TLSv1.3` */
  readonly protocol: string;
  readonly isTrusted: boolean;
  /** OpenSSL's or Node's word for why it is not: `SELF_SIGNED_CERT_IN_CHAIN`, `ERR_TLS_CERT_ALTNAME_INVALID`, … */
  readonly code?: string;
  /** The server's own certificate first, each followed by the one that signed it as far as it is known. DER. */
  readonly chain: readonly Buffer[];
}

/**
 * Does a TLS handshake that trusts nothing but the given authorities, and sends nothing. Goes through the proxy of the
 * process, as every connection does.
 *
 * @param authorities PEM, as OpenSSL reads it
 * @throws UserError `SPACECTL_UNREACHABLE` where no handshake comes about; the user's interruption
 */
export async function shakeHands(
  host: string,
  port: number,
  options: {
    readonly authorities: Buffer;
    /** Name to ask for and to hold the certificate against; the host if left out. */
    readonly servername?: string | undefined;
    /** Milliseconds for all of it. */
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
    // A name is sent as it is; an address may not be sent (RFC 6066, 3), but is what the certificate is held against.
    const named = isIP(servername) ? { host: servername } : { host, servername };
    socket = connect({
      ...(tunnel ? { socket: tunnel } : { port }),
      ...named,
      ...(!tunnel && { host }),
      ca: authorities,
      rejectUnauthorized: false,
    });
    await settled(socket, 'secureConnect', deadline);
    return {
      protocol: socket.getProtocol() ?? '',
      isTrusted: socket.authorized,
      ...(!socket.authorized && { code: String(socket.authorizationError) }),
      chain: chainOf(socket.getPeerCertificate(true)),
    };
  } catch (error) {
    if (signal.aborted) throw abortReason(signal);
    const isLate = deadline.aborted && !(error instanceof ProxyFailure);
    throw connectionFailure(isLate ? timedOut() : error, url);
  } finally {
    socket?.destroy();
    tunnel?.destroy();
  }
}

/** A connection to a host through the proxy that applies to it, if one does. */
async function tunnelTo(url: URL, timeout: number, signal: AbortSignal): Promise<Socket | undefined> {
  const proxy = proxyFor(url);
  if (!proxy) return undefined;
  const secureContext = proxy.protocol === 'https:' ? await trustedAuthorities(undefined, process.env) : undefined;
  return openTunnel(proxy, `${url.hostname}:${url.port || 443}`, { secureContext, timeout, signal });
}

/** Waits for an event of a socket, its failure or the end of patience. */
function settled(socket: TLSSocket, event: string, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(event, resolve);
    socket.once('error', reject);
    socket.once('close', () => reject(Object.assign(new Error('closed'), { code: 'ECONNRESET' })));
    signal.addEventListener('abort', () => reject(timedOut()), { once: true });
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
