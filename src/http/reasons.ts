import { ProxyFailure } from './proxy-failure.ts';

/** Why a connection failed. */
export interface Reason {
  /** Completes "Cannot reach HOST: …". */
  readonly message: string;
  /** What the user can try. */
  readonly advice: readonly string[];
  /** Whether the proxy settings may be the cause. */
  readonly mayNeedProxy?: boolean;
}

const CLOSED_EARLY: Reason = {
  message: 'the connection was closed before the response was complete',
  advice: ['Try again. If it keeps happening, check for a proxy or firewall that closes connections'],
};
const NO_ROUTE: Reason = {
  message: 'no route to host',
  advice: ["Check this machine's network connection"],
  mayNeedProxy: true,
};
const SLOW_ADVICE = ['Check the network: something on the path passes the answer on too slowly'];
const FORBIDDEN: Reason = {
  message: 'this machine does not allow the connection',
  advice: ['Check the firewall and the security policies of this machine'],
};
const NO_TLS: Reason = {
  message: 'it does not use TLS',
  advice: ['Check the port: the service may use plain HTTP, or TLS on another port'],
};
const CLIENT_CERTIFICATE: Reason = { message: 'it requires a client certificate that it accepts', advice: [] };
const NO_COMMON_TLS: Reason = { message: 'it supports none of the TLS versions and ciphers of spacectl', advice: [] };

/** The reasons by the codes of Node and OpenSSL. */
const REASONS: Readonly<Record<string, Reason>> = {
  ENOTFOUND: { message: 'no such host', advice: ['Check the host name'], mayNeedProxy: true },
  EAI_AGAIN: {
    message: 'the host name cannot be resolved at the moment',
    advice: ["Check this machine's DNS settings (/etc/resolv.conf)"],
    mayNeedProxy: true,
  },
  ECONNREFUSED: {
    message: 'connection refused',
    advice: ['Check the port, and that the service is running'],
    mayNeedProxy: true,
  },
  ETIMEDOUT: {
    message: 'timed out',
    advice: ['Check for a firewall on the path; the service may also be overloaded'],
    mayNeedProxy: true,
  },
  ECONNRESET: CLOSED_EARLY,
  EPIPE: CLOSED_EARLY,
  EHOSTUNREACH: NO_ROUTE,
  ENETUNREACH: NO_ROUTE,
  SWITCHED_PROTOCOLS: {
    message: 'it switched to another protocol (HTTP 101), which was not asked for',
    advice: ['Check the port; another service may be listening there'],
  },
  ENDLESS_INTERIM: {
    message: 'it sends interim responses (HTTP 1xx) and no answer',
    advice: ['Check the port; another service may be listening there'],
  },
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  EPROTO: NO_TLS,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: NO_COMMON_TLS,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: NO_COMMON_TLS,
  // TLS 1.3 has an alert for a missing certificate. Go and older servers send "bad certificate" instead.
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: CLIENT_CERTIFICATE,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: CLIENT_CERTIFICATE,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: CLIENT_CERTIFICATE,
};

/** OpenSSL's codes for a certificate that is not signed by a trusted authority. */
const UNKNOWN_AUTHORITY: readonly string[] = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

/** Explains Node's error for a failed connection. @param authorityAdvice what to suggest for an unknown authority */
export function reasonFor(error: unknown, authorityAdvice: string): Reason {
  const code = codeOf(error) ?? '';
  if (UNKNOWN_AUTHORITY.includes(code)) {
    return { message: 'its certificate is signed by an unknown authority', advice: [authorityAdvice] };
  }
  const known = REASONS[code] ?? certificateReason(code, error);
  if (known) return known;
  if (code === 'ERR_SLOW_ANSWER') return { message: (error as Error).message, advice: SLOW_ADVICE };
  if (!code.startsWith('HPE_')) return { message: code || String(error), advice: [] };
  return { message: 'it does not use HTTP', advice: ['Check the port; the service may require TLS (https://)'] };
}

/** Reports whether a connection failed because the server does not use TLS. */
export function isNotTls(error: unknown): boolean {
  return REASONS[codeOf(error) ?? ''] === NO_TLS;
}

/** Reports whether a connection failed because the server requires a client certificate, or rejected the given one. */
export function requiresClientCertificate(error: unknown): boolean {
  return REASONS[codeOf(error) ?? ''] === CLIENT_CERTIFICATE;
}

/** Reports whether an answer was given up because it came too slowly: it would be no faster another time. */
export function isTooSlow(error: unknown): boolean {
  return error instanceof Error && codeOf(error.cause) === 'ERR_SLOW_ANSWER';
}

/** What kind of cause a failed connection has: several servers that fail for the same one have one problem. */
export type FailureKind = 'name' | 'refused' | 'no answer' | 'authority' | 'validity' | 'proxy' | 'other';

const KINDS: Readonly<Record<string, FailureKind>> = {
  ENOTFOUND: 'name',
  EAI_AGAIN: 'name',
  ECONNREFUSED: 'refused',
  ETIMEDOUT: 'no answer',
  EHOSTUNREACH: 'no answer',
  ENETUNREACH: 'no answer',
  CERT_NOT_YET_VALID: 'validity',
  CERT_HAS_EXPIRED: 'validity',
};

/** Returns the kind of cause of a failed connection. @param error Node's error, or a proxy's */
export function failureKind(error: unknown): FailureKind {
  if (error instanceof ProxyFailure) return 'proxy';
  const code = codeOf(error) ?? '';
  return UNKNOWN_AUTHORITY.includes(code) ? 'authority' : (KINDS[code] ?? 'other');
}

/** Explains an invalid certificate that is signed by a known authority. */
function certificateReason(code: string, error: unknown): Reason | undefined {
  const clock = `Check this machine's clock: it shows ${new Date().toISOString()}`;
  if (code === 'CERT_NOT_YET_VALID') return { message: 'its certificate is not valid yet', advice: [clock] };
  if (code === 'CERT_HAS_EXPIRED') {
    const renew = 'If the clock is right, the server needs a new certificate';
    return { message: 'its certificate has expired', advice: [clock, renew] };
  }
  if (code !== 'ERR_TLS_CERT_ALTNAME_INVALID') return undefined;
  const names = namesIn(error);
  const advice = names ? `Use one of the names in the certificate: ${names}` : 'Use a name that is in the certificate';
  return { message: 'its certificate is for a different name', advice: [advice] };
}

/** Returns the names in a certificate that lacks the requested one: up to four. */
function namesIn(error: unknown): string {
  const { subjectaltname = '' } = (error as { cert?: { subjectaltname?: string } }).cert ?? {};
  const names = subjectaltname.split(', ').flatMap((each) => /^(?:DNS|IP Address):([\w.*:-]+)$/.exec(each)?.[1] ?? []);
  return names.length > 4 ? `${names.slice(0, 4).join(', ')}, …` : names.join(', ');
}

/** Returns the code of a network error. If several addresses failed, it is that of the first. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof ProxyFailure) return codeOf(error.cause);
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const isTls = error.code === 'EPROTO' || error.code.startsWith('ERR_SSL_');
  const [, number = ''] = (isTls && /\berror:([0-9A-F]{8}):/.exec(error.message)) || [];
  return BY_NUMBER[number] ?? error.code;
}

/**
 * OpenSSL's codes by number (openssl/sslerr.h). The numbers are needed because Node may report only `EPROTO` for a failed
 * write, and because names change: `SSLV3` is `SSL/TLS` since OpenSSL 3.2.
 */
const BY_NUMBER: Readonly<Record<string, string>> = {
  '0A00010B': 'ERR_SSL_WRONG_VERSION_NUMBER',
  '0A0000C6': 'ERR_SSL_PACKET_LENGTH_TOO_LONG',
  '0A000410': 'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
  '0A000412': 'ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE',
  '0A000418': 'ERR_SSL_TLSV1_ALERT_UNKNOWN_CA',
  '0A00042E': 'ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION',
  '0A00045C': 'ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED',
};
