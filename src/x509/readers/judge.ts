import { extensionName } from './extension-names.ts';
import { isIrregular } from './extension-types.ts';
import { GNUTLS_RULES } from './gnutls.ts';
import { GO_RULES } from './go.ts';
import { JAVA_RULES } from './java.ts';
import { GNUTLS_LOSSES, OPENSSL_LOSSES } from './losses.ts';
import { NODE_RULES } from './node.ts';
import { OPENSSL_LEVEL_2, OPENSSL_POST_QUANTUM, OPENSSL_ROOT, OPENSSL_RULES } from './openssl.ts';
import { PYTHON_RULES } from './python.ts';
import { type Finding, READERS, type Reader, type Rule } from './reader.ts';
import { type Shape, shapeOf } from './shape.ts';

const RULES: Readonly<Record<Reader, readonly Rule[]>> = {
  go: GO_RULES,
  openssl: [...OPENSSL_LOSSES, ...OPENSSL_RULES, OPENSSL_ROOT, OPENSSL_LEVEL_2, OPENSSL_POST_QUANTUM],
  gnutls: [...GNUTLS_LOSSES, ...GNUTLS_RULES],
  python: PYTHON_RULES,
  java: JAVA_RULES,
  node: NODE_RULES,
};

/** What the readers make of a certificate authority. */
export interface Judgement {
  /** Why the certificate is not one at all, after a colon. Nothing is known of the readers then. */
  readonly malformed?: string;
  /** At most one for each reader and kind of consequence. */
  readonly findings: readonly Finding[];
  /** Extensions that are not as RFC 5280 wants them, by name; what each reader makes of them is not always known. */
  readonly irregular: readonly string[];
}

const judged = new WeakMap<Buffer, Judgement>();

/** Judges a certificate authority as each of its readers does. It remembers what it said of the same buffer. */
export function judge(der: Buffer): Judgement {
  const judgement = judged.get(der) ?? judgementOf(der);
  judged.set(der, judgement);
  return judgement;
}

function judgementOf(der: Buffer): Judgement {
  const shape = shapeOf(der);
  if ('malformed' in shape) return { malformed: shape.malformed, findings: [], irregular: [] };
  const findings = READERS.flatMap((reader) => RULES[reader].flatMap((rule) => apply(rule, reader, shape)));
  const irregular = (shape.extensions ?? []).filter(isIrregular).map(({ id }) => extensionName(id));
  return { findings, irregular };
}

function apply({ id, consequence, since, until, reason }: Rule, reader: Reader, shape: Shape): readonly Finding[] {
  const found = reason(shape);
  if (found === undefined) return [];
  return [{ reader, rule: id, consequence, reason: found, ...(since && { since }), ...(until && { until }) }];
}
