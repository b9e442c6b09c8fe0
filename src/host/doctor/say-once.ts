import type { Finding } from './check.ts';

interface Judged {
  readonly id: string;
  readonly findings: readonly Finding[];
}

/** A finding that may explain later ones. */
interface Cause {
  /** The check that found it. */
  readonly id: string;
  readonly finding: Finding;
}

/**
 * Marks findings that an earlier one explains: one cause is one problem. A warning whose consequence fails the diagnosis
 * fails it itself.
 */
export function sayOnce<Check extends Judged>(checks: readonly Check[]): readonly Check[] {
  const causes = new Map<string, Cause>();
  const serious = new Set<Finding>();
  const explained = new Map<Finding, Cause>();
  for (const { id, findings } of checks) {
    const problems = findings.filter(isProblem);
    for (const finding of problems) {
      const cause = causes.get(id) ?? causes.get(`${id}/${finding.about ?? ''}`);
      if (!cause) continue;
      explained.set(finding, cause);
      if (finding.status === 'bad') serious.add(cause.finding);
    }
    for (const finding of problems) {
      for (const each of finding.explains ?? []) if (!causes.has(each)) causes.set(each, { id, finding });
    }
  }
  const mark = (finding: Finding): Finding => {
    const { explains: _, ...shown } = finding;
    const cause = explained.get(finding);
    if (!cause) return serious.has(finding) ? { ...shown, status: 'bad' } : shown;
    const { fix: __, commands: ___, ...seen } = shown;
    return { ...seen, status: 'skipped', because: cause.id };
  };
  return checks.map((check) => ({ ...check, findings: check.findings.map(mark) }));
}

function isProblem({ status }: Finding): boolean {
  return status === 'bad' || status === 'warning';
}
