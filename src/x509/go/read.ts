import { judge } from '../readers/index.ts';
import { type GoCertificate, readGoCertificate } from './certificate.ts';
import type { GoProblem } from './problem.ts';

/**
 * Reads a certificate as `ParseCertificate` in crypto/x509/parser.go does, by the rules of src/x509/readers/go.ts.
 * @returns what Go has against it, if it does not read it
 */
export function readLikeGo(der: Buffer): GoCertificate | GoProblem {
  return problemReading(der) ?? readGoCertificate(der) ?? { kind: 'unreadable', der };
}

/** Returns what keeps Go from reading a certificate. */
export function problemReading(der: Buffer): GoProblem | undefined {
  const { malformed, findings } = judge(der);
  if (malformed !== undefined) return { kind: 'unreadable', der, detail: malformed };
  const finding = findings.find(({ reader, consequence }) => reader === 'go' && consequence === 'ignores');
  if (!finding) return undefined;
  const { reason, since, until } = finding;
  return { kind: 'unreadable', der, detail: reason, ...(since && { since }), ...(until && { before: until }) };
}
