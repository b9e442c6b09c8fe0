import { UserError } from '../../core/errors.ts';
import { type HandshakeTarget, performHandshake, performHandshakeLikeGo } from '../../http/index.ts';
import { type Certificate, readCertificate } from '../../x509/index.ts';
import type { Facts, ReaderVerdict } from './facts.ts';
import { goVerdict } from './go-verdict.ts';
import { opensslVerdict } from './openssl-verdict.ts';
import { opensslPath } from './path.ts';
import { summarize } from './summary.ts';
import type { Trust } from './trust.ts';

/** What one reader of certificates decides. */
export interface ProbedBy {
  readonly isTrusted: boolean;
  /** Why it is trusted or not. */
  readonly reason: string;
  /** Fingerprint of the certificate in the bundle that makes the server trusted. */
  readonly trustedBy?: string;
}

/** The result of probing a server. */
export interface Probed {
  /** `host:port` */
  readonly target: string;
  /** Whether both Go and OpenSSL trust it. */
  readonly isTrusted: boolean;
  /** Who trusts it and why or why not, or why it cannot be reached. */
  readonly verdict: string;
  readonly isReachable: boolean;
  /** Missing for a server that cannot be reached, like everything that follows except `chain`. */
  readonly protocol?: string;
  readonly go?: ProbedBy;
  readonly openssl?: ProbedBy;
  /** The certificates that the server sent, in its order. */
  readonly chain: readonly { readonly subject: string; readonly fingerprint: string; readonly notAfter: string }[];
}

/** Shakes hands with a server, with what OpenSSL offers and with what Go offers, and says whether either trusts it. */
export async function probeServer(target: HandshakeTarget, trust: Trust): Promise<Probed> {
  const { host, port, servername = host } = target;
  const name = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  try {
    const usual = await performHandshake(target, trust.authorities);
    const likeGo = await performHandshakeLikeGo(target);
    const sent = read((likeGo ?? usual).sent);
    const facts = { host: servername, now: new Date(), sent: sent ?? [] };
    const openssl = opensslVerdict(usual, opensslFacts(read(usual.sent), trust, facts));
    const go = goVerdict(likeGo, usual, sent && { ...facts, path: sent, bundle: trust.go });
    return {
      target: name,
      isTrusted: go.isTrusted && openssl.isTrusted,
      verdict: summarize(go, openssl),
      isReachable: true,
      protocol: usual.protocol,
      ...{ go: probedBy(go), openssl: probedBy(openssl), chain: sent?.map(shown) ?? [] },
    };
  } catch (error) {
    if (!(error instanceof UserError) || error.code !== 'SPACECTL_UNREACHABLE') throw error;
    return { target: name, isTrusted: false, verdict: error.message, isReachable: false, chain: [] };
  }
}

function opensslFacts(
  sent: Facts['path'] | undefined,
  { openssl: bundle, distrusted }: Trust,
  facts: Pick<Facts, 'host' | 'now'>,
): Facts | undefined {
  return sent && { ...facts, sent, bundle, distrusted, path: opensslPath(sent[0], sent, bundle, facts.now) };
}

/** Reads a chain. @returns `undefined` if the server's own certificate is malformed */
function read([first, ...rest]: readonly Buffer[]): Facts['path'] | undefined {
  const leaf = first && readCertificate(first);
  return leaf && [leaf, ...rest.flatMap((der) => readCertificate(der) ?? [])];
}

function probedBy({ isTrusted, reason, anchor }: ReaderVerdict): ProbedBy {
  return { isTrusted, reason, ...(anchor && { trustedBy: anchor.fingerprint }) };
}

function shown({ subject, fingerprint, notAfter }: Certificate): Probed['chain'][number] {
  return { subject, fingerprint, notAfter: notAfter.toISOString() };
}
