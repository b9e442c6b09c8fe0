import type { FactName, Facts } from './facts/facts.ts';

/** What a check found. A warning does not fail the diagnosis; a skipped check says why. */
export interface Finding {
  readonly status: 'good' | 'warning' | 'bad' | 'skipped';
  /** Subject, if a check has several: an endpoint, a file. */
  readonly about?: string;
  /** What was seen: values, never secrets. */
  readonly evidence: string;
  /** How to fix it, in words. */
  readonly fix?: string;
  /** Commands that fix it, for root's shell, in their order. */
  readonly commands?: readonly string[];
  /** Later findings that have this cause: `CHECK`, or `CHECK/ABOUT`. They are not reported as problems of their own. */
  readonly explains?: readonly string[];
  /** ID of the check whose finding is the cause of this one. */
  readonly because?: string;
}

/** One check of the doctor: a pure function of facts. */
export interface Check<Name extends FactName = FactName> {
  readonly id: string;
  readonly title: string;
  /** `always`: also before an installation. */
  readonly stage: 'always' | 'installed';
  /** The facts that it judges; they are gathered only if a check needs them. */
  readonly needs: readonly Name[];
  judge(facts: Pick<Facts, Name>): Finding | readonly Finding[];
}

/** Infers which facts a check may use from those that it needs. */
export function defineCheck<const Name extends FactName>(check: Check<Name>): Check {
  return check;
}

/** How to fix what was found. */
export interface Cure {
  readonly fix: string;
  readonly commands?: readonly string[];
}

/** What may go with a finding. */
interface More {
  readonly about?: string | undefined;
  readonly explains?: readonly string[];
}

/** Returns a finding that everything is fine. */
export const good = (evidence: string, about?: string): Finding => ({
  status: 'good',
  evidence,
  ...(about && { about }),
});

/** Returns a finding that fails the diagnosis. */
export const bad = (evidence: string, cure: Cure, more: More = {}): Finding => finding('bad', evidence, cure, more);

/** Returns a finding that does not fail the diagnosis. */
export const warning = (evidence: string, cure: Cure, more: More = {}): Finding =>
  finding('warning', evidence, cure, more);

/** Returns why a check was skipped. */
export const skipped = (evidence: string): Finding => ({ status: 'skipped', evidence });

function finding(status: Finding['status'], evidence: string, cure: Cure, { about, explains }: More): Finding {
  return { status, evidence, ...cure, ...(about !== undefined && { about }), ...(explains && { explains }) };
}

/** Returns the findings, or one that everything is fine. */
export function orGood(findings: readonly Finding[], evidence: string): readonly Finding[] {
  return findings.length > 0 ? findings : [good(evidence)];
}
