import type { GoCertificate } from './certificate.ts';
import { authorityKeyIdOf, subjectKeyIdOf } from './extensions.ts';

/** Certificates by their encoded subject (`CertPool` in crypto/x509/cert_pool.go). */
export class Pool {
  readonly #bySubject = new Map<string, GoCertificate[]>();
  readonly #all = new Set<string>();

  readonly #isReadable: (certificate: GoCertificate) => boolean;

  /** @param isReadable whether Go reads a certificate, and has it in the pool at all */
  constructor(
    certificates: readonly GoCertificate[],
    isReadable: (certificate: GoCertificate) => boolean = () => true,
  ) {
    this.#isReadable = isReadable;
    for (const certificate of certificates) {
      const whole = certificate.der.toString('latin1');
      if (this.#all.has(whole)) continue;
      this.#all.add(whole);
      const name = certificate.subject.toString('latin1');
      this.#bySubject.set(name, [...(this.#bySubject.get(name) ?? []), certificate]);
    }
  }

  contains({ der }: GoCertificate): boolean {
    return this.#all.has(der.toString('latin1'));
  }

  /**
   * Returns the certificates that may have signed one: whose subject is its issuer, byte for byte, those with the right key
   * identifier first (`findPotentialParents`).
   */
  parentsOf(certificate: GoCertificate): readonly GoCertificate[] {
    const wanted = authorityKeyIdOf(certificate);
    const rank = (candidate: GoCertificate) => {
      const id = subjectKeyIdOf(candidate);
      if (id.equals(wanted)) return 0;
      return (id.length === 0) === (wanted.length === 0) ? 2 : 1;
    };
    const candidates = this.#bySubject.get(certificate.issuer.toString('latin1')) ?? [];
    return candidates.filter(this.#isReadable).toSorted((one, other) => rank(one) - rank(other));
  }
}
