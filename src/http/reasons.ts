import { ProxyFailure } from './proxy-failure.ts';

/** Why a connection failed. */
export interface Reason {
  /** The end of "Cannot reach host: …". */
  readonly says: string;
  /** What leads out. */
  readonly tries: readonly string[];
  /** Whether there may be another way to the host: through a proxy, or past it. */
  readonly isOnTheWay?: boolean;
}

const REFUSED = 'Does a firewall or a policy of this machine forbid it?';
const CUT: Reason = {
  says: 'the connection was closed before the answer was complete',
  tries: ['Try again; if it stays so, something between here and there may cut the connection'],
};
const NO_ROUTE: Reason = { says: 'there is no route to it', tries: ['Is this machine online?'], isOnTheWay: true };
const FORBIDDEN: Reason = { says: 'this machine does not allow the connection', tries: [REFUSED] };
const NO_TLS: Reason = { says: 'it does not speak TLS', tries: ['Is it plain HTTP, or is TLS on another port?'] };

const NO_CLIENT: Reason = { says: 'it wants a client certificate, and none or the wrong one was shown', tries: [] };

const NOTHING_COMMON: Reason = { says: 'it has no version or cipher of TLS in common with this program', tries: [] };

/** What the codes of Node and OpenSSL mean. */
const REASONS: Readonly<Record<string, Reason>> = {
  ENOTFOUND: { says: 'there is no host of that name', tries: ['Is the name right?'], isOnTheWay: true },
  EAI_AGAIN: {
    says: 'its name cannot be looked up at the moment',
    tries: ['Does this machine reach its name server (/etc/resolv.conf)?'],
    isOnTheWay: true,
  },
  ECONNREFUSED: {
    says: 'nothing listens there (connection refused)',
    tries: ['Is the port right, and the service running?'],
    isOnTheWay: true,
  },
  ETIMEDOUT: {
    says: 'no answer in time',
    tries: ['Is a firewall between here and there, or the service overloaded?'],
    isOnTheWay: true,
  },
  ECONNRESET: CUT,
  EPIPE: CUT,
  EHOSTUNREACH: NO_ROUTE,
  ENETUNREACH: NO_ROUTE,
  EACCES: FORBIDDEN,
  EPERM: FORBIDDEN,
  EPROTO: NO_TLS,
  ERR_SSL_WRONG_VERSION_NUMBER: NO_TLS,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: NO_TLS,
  ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE: NOTHING_COMMON,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: NOTHING_COMMON,
  // TLS 1.3 has an alert for a missing certificate; Go and older servers say of it that it is bad.
  ERR_SSL_TLSV13_ALERT_CERTIFICATE_REQUIRED: NO_CLIENT,
  ERR_SSL_SSLV3_ALERT_BAD_CERTIFICATE: NO_CLIENT,
  ERR_SSL_TLSV1_ALERT_UNKNOWN_CA: NO_CLIENT,
};

/** OpenSSL's ways to say that no trusted authority signed the certificate. */
const UNKNOWN_AUTHORITY: readonly string[] = [
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
];

/** Why a connection failed, after Node's error. @param authorityAdvice what to do about an unknown authority */
export function reasonFor(error: unknown, authorityAdvice: string): Reason {
  const code = codeOf(error) ?? '';
  if (UNKNOWN_AUTHORITY.includes(code)) {
    return { says: 'its certificate is signed by an authority this machine does not know', tries: [authorityAdvice] };
  }
  const known = REASONS[code] ?? certificateReason(code, error);
  if (known) return known;
  if (!code.startsWith('HPE_')) return { says: code || String(error), tries: [] };
  return { says: 'it does not speak HTTP', tries: ['Is the port right? Does it want TLS (https://)?'] };
}

/** Whether a connection failed since the server does not speak TLS. */
export function speaksNoTls(error: unknown): boolean {
  return REASONS[codeOf(error) ?? ''] === NO_TLS;
}

/** Whether a connection failed since the server wants a client certificate, or another one. */
export function wantsClientCertificate(error: unknown): boolean {
  return REASONS[codeOf(error) ?? ''] === NO_CLIENT;
}

/** What is wrong with a certificate other than who signed it. */
function certificateReason(code: string, error: unknown): Reason | undefined {
  const clock = `Is this machine's clock right? It says ${new Date().toISOString()}`;
  if (code === 'CERT_NOT_YET_VALID') return { says: 'its certificate is not valid yet', tries: [clock] };
  if (code === 'CERT_HAS_EXPIRED') {
    return { says: 'its certificate has expired', tries: [clock, 'If it is, the server needs a new certificate'] };
  }
  if (code !== 'ERR_TLS_CERT_ALTNAME_INVALID') return undefined;
  const names = namesIn(error);
  const use = names ? `It is for ${names}: use one of these names` : 'Use a name that is in its certificate';
  return { says: 'its certificate is for another name', tries: [use] };
}

/** The names that Node found in a certificate in place of the one that was wanted, as far as a line has room. */
function namesIn(error: unknown): string {
  const { subjectaltname = '' } = (error as { cert?: { subjectaltname?: string } }).cert ?? {};
  const names = subjectaltname.split(', ').flatMap((each) => /^(?:DNS|IP Address):([\w.*:-]+)$/.exec(each)?.[1] ?? []);
  return names.length > 4 ? `${names.slice(0, 4).join(', ')}, …` : names.join(', ');
}

/** The code of a network error; where several addresses were tried, that of the first one. */
export function codeOf(error: unknown): string | undefined {
  if (error instanceof ProxyFailure) return codeOf(error.cause);
  if (error instanceof AggregateError && error.errors.length > 0) return codeOf(error.errors[0]);
  if (!(error instanceof Error) || !('code' in error) || typeof error.code !== 'string') return undefined;
  const isTls = error.code === 'EPROTO' || error.code.startsWith('ERR_SSL_');
  const [, number = ''] = (isTls && /\berror:([0-9A-F]{8}):/.exec(error.message)) || [];
  return BY_NUMBER[number] ?? error.code;
}

/**
 * OpenSSL's codes by its numbers (openssl/sslerr.h): where Node says only that writing failed, with `EPROTO`, and since
 * the names change: what was `SSLV3` is `SSL/TLS` from OpenSSL 3.2 on.
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
