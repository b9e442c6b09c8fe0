import type { Handshake } from '../../http/index.ts';
import { readCertificate, verifyLikeGo } from '../../x509/index.ts';
import type { Facts, ReaderVerdict } from './facts.ts';
import { explainGoProblem } from './go-reasons.ts';
import { trustedBy } from './openssl-verdict.ts';

/**
 * Says what Go decides about a server, and why.
 * @param handshake with what Go offers; `undefined` if the server accepts nothing of it
 * @param usual the handshake with what OpenSSL offers
 * @param facts about what the server sent then, and what Go reads from the bundle; `undefined` if its
 *   certificate is malformed
 */
export function goVerdict(
  handshake: Handshake | undefined,
  usual: Pick<Handshake, 'protocol' | 'cipherSuite'>,
  facts: Facts | undefined,
): ReaderVerdict {
  const reject = (reason: string): ReaderVerdict => ({ isTrusted: false, reason });
  if (!handshake) return reject(nothingInCommon(usual));
  if (!facts) return reject('its certificate is malformed');
  if (facts.bundle.length === 0) return reject('Go reads no certificate from the bundle');
  const bundle = facts.bundle.map(({ der }) => der);
  const verdict = verifyLikeGo(handshake.sent, bundle, facts.host, facts.now);
  if ('problem' in verdict) return reject(explainGoProblem(verdict.problem, facts));
  const anchor = readCertificate(verdict.chain.at(-1)?.der ?? Buffer.alloc(0));
  return anchor ? trustedBy(anchor) : { isTrusted: true, reason: 'the bundle has a certificate of its chain' };
}

function nothingInCommon({ protocol, cipherSuite }: Pick<Handshake, 'protocol' | 'cipherSuite'>): string {
  const isOther = protocol === 'TLSv1.2' && !cipherSuite.startsWith('TLS_ECDHE_');
  const offers = isOther ? 'Go offers only ECDHE' : 'Go offers other cipher suites, curves or signatures';
  return `the server uses ${cipherSuite} with ${protocol} and accepts nothing that Go offers; ${offers}`;
}
