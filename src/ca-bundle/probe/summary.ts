import type { ReaderVerdict } from './facts.ts';

/** Says in one line who trusts a server: `not trusted by Go: …; OpenSSL trusts it`. */
export function summarize(go: ReaderVerdict, openssl: ReaderVerdict): string {
  if (go.isTrusted && openssl.isTrusted) return `trusted: ${openssl.reason}`;
  if (openssl.isTrusted) return `not trusted by Go: ${go.reason}. OpenSSL trusts it`;
  if (go.isTrusted) return `not trusted by OpenSSL: ${openssl.reason}. Go trusts it`;
  const isSame = go.reason === openssl.reason;
  return isSame ? `not trusted: ${go.reason}` : `not trusted by Go: ${go.reason}. OpenSSL: ${openssl.reason}`;
}
