import path from 'node:path';
import { sha256 } from '../../src/core/sha256.ts';
import { formatCount } from '../../src/core/text.ts';
import { hasModes } from '../../src/files/modes.ts';
import type { Change, FileChange, Status } from '../../src/step/plan.ts';
import type { StepPlan } from '../../src/step/run.ts';
import { formatNext, nextOf } from './next.ts';
import { printable } from './printable.ts';
import { style } from './style.ts';
import { wrapWords } from './wrap.ts';

const COLOURS: Readonly<Record<Status, (text: string) => string>> = {
  create: style.green,
  change: style.yellow,
  unchanged: style.dim,
  refuse: style.red,
};

/** Label of a change before and after it is applied. */
const WORDS: Readonly<
  Record<Change['kind'], Readonly<Record<Status, { readonly planned: string; readonly done: string }>>>
> = {
  file: {
    create: { planned: 'create', done: 'created' },
    change: { planned: 'change', done: 'changed' },
    unchanged: { planned: 'unchanged', done: 'unchanged' },
    refuse: { planned: 'refuse', done: 'refused' },
  },
  action: {
    create: { planned: 'run', done: 'done' },
    change: { planned: 'run', done: 'done' },
    unchanged: { planned: 'unchanged', done: 'unchanged' },
    refuse: { planned: 'refuse', done: 'refused' },
  },
};

/** Formats plans, before or after they are applied: one line per change, then notes, warnings, findings and next steps. */
export async function formatReport(plans: readonly StepPlan[], { dryRun }: { dryRun: boolean }): Promise<string> {
  const lines: string[] = [];
  for (const { plan } of plans) {
    for (const change of plan.changes) lines.push(await formatChange(change, dryRun));
  }
  const all = (key: 'notes' | 'warnings' | 'findings') => [...new Set(plans.flatMap(({ plan }) => plan[key] ?? []))];
  const wrap = (text: string, indent: string) => wrapWords(printable(text), process.stdout, indent);
  for (const note of all('notes')) lines.push(wrap(note, '  '));
  for (const warning of all('warnings'))
    lines.push(wrap(`Warning: ${warning}`, '  ').replace('Warning:', style.yellow('Warning:')));
  for (const finding of all('findings'))
    lines.push(wrap(`Found: ${finding}`, '  ').replace('Found:', style.red('Found:')));
  lines.push(...formatNext(plans));
  return lines.map((line) => `${line}\n`).join('');
}

/** Formats one change as a line. */
export async function formatChange(change: Change, dryRun: boolean): Promise<string> {
  const { planned, done } = WORDS[change.kind][change.status];
  const word = COLOURS[change.status]((dryRun ? planned : done).padEnd(10));
  if (change.kind === 'action') return `${word} ${printable(change.title)}`;
  const about = [
    ...(hasModes() ? [formatMode(change.mode)] : []),
    change.isSecret ? 'secret' : await sizeOf(change, dryRun),
  ];
  const file = printable(shownPath(change.path));
  return `${word} ${file} ${style.dim(`(${about.join(', ')})`)}`;
}

/** Shortens a path below the working directory to a relative one. */
function shownPath(file: string): string {
  const relative = path.relative('', file);
  return relative === '' || relative.startsWith('..') ? file : relative;
}

async function sizeOf({ content }: FileChange, dryRun: boolean): Promise<string> {
  if (dryRun && !content.isKnown) return 'generated on apply';
  return `${formatCount((await content.bytes()).length)} bytes`;
}

function formatMode(mode: number): string {
  return mode.toString(8).padStart(4, '0');
}

/** Returns plans as one document, which has neither size nor digest of secret files. */
export async function jsonReport(
  command: string,
  plans: readonly StepPlan[],
  { dryRun }: { dryRun: boolean },
): Promise<object> {
  const changes = await Promise.all(
    plans.flatMap(({ plan }) => plan.changes.map((change) => jsonChange(change, dryRun))),
  );
  return {
    command: command.replaceAll(':', ' '),
    dryRun,
    changes,
    notes: plans.flatMap(({ plan }) => plan.notes ?? []),
    warnings: plans.flatMap(({ plan }) => plan.warnings ?? []),
    findings: plans.flatMap(({ plan }) => plan.findings ?? []),
    next: nextOf(plans).flatMap(({ steps }) => steps),
    facts: Object.fromEntries(plans.map(({ step, plan }) => [step.id, plan.facts ?? {}])),
  };
}

async function jsonChange(change: Change, dryRun: boolean): Promise<Record<string, unknown>> {
  if (change.kind === 'action')
    return { step: change.step, kind: 'action', title: change.title, status: change.status };
  const { kind, step, path: file, mode, status, isSecret, content } = change;
  const base = { step, kind, path: file, ...(hasModes() && { mode: formatMode(mode) }), status, secret: isSecret };
  if (isSecret || (dryRun && !content.isKnown)) return base;
  const bytes = await content.bytes();
  return { ...base, size: bytes.length, sha256: sha256(bytes) };
}
