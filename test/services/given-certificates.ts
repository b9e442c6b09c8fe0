import { readCustomCertificates } from '../../src/ca-bundle/custom/custom-certificates.ts';
import type { Policy } from '../../src/ca-bundle/custom/policy.ts';
import { type CertificateRequest, makeCertificate } from './certificate.ts';

/** Certificates as they are given with --ca, and the policy that takes none but valid authorities. */
export const now = new Date();
export const strict: Policy = { expired: 'refuse', allowNonCa: false, now };
export const daysFromNow = (days: number) => new Date(now.getTime() + days * 86_400_000);
export const read = (bytes: Uint8Array | string, policy = strict) =>
  readCustomCertificates(typeof bytes === 'string' ? Buffer.from(bytes) : bytes, 'given.pem', policy);
export const make = (CN: string, more: Partial<CertificateRequest> = {}) =>
  makeCertificate({ subject: { CN }, ...more });

export const root = make('Root');
export const [first, second] = [root.pem, make('Second').pem];

export const expired = { notBefore: daysFromNow(-20), notAfter: daysFromNow(-10) };
export const privateKey = (type: 'pkcs8' | 'sec1') => root.keys.privateKey.export({ type, format: 'pem' });
