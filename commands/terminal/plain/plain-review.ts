import { BACK, type Back } from '../../../src/step/prompter.ts';
import { say } from '../output.ts';
import { printable } from '../printable.ts';
import { terminalReader } from '../reader/index.ts';
import type { Decision, Review } from '../review/review-view.ts';
import { wrapWords } from '../wrap.ts';
import { readLine } from './read-line.ts';

/** Reads the review out, and asks what to do. */
export async function plainReview(review: Review): Promise<Decision | Back> {
  let lastSection = '';
  say('\nReview');
  for (const [index, { label, section, value, source }] of review.lines.entries()) {
    if (section !== lastSection) say(section);
    lastSection = section;
    const text = `  ${index + 1}. ${label}: ${printable(value || 'none')}${source === '' ? '' : ` (${source})`}`;
    say(wrapWords(text, process.stderr, '     '));
  }
  for (const { text } of review.plan) say(wrapWords(`Plan: ${text}`, process.stderr, '  '));
  for (const remark of review.remarks) say(wrapWords(printable(remark), process.stderr, '  '));
  await terminalReader().discard();
  for (;;) {
    const deploy = review.deploy === undefined ? '' : `, "deploy" ${review.deploy}`;
    say(wrapWords(`A number edits that line, "apply" ${review.enter}${deploy}, < leaves`, process.stderr));
    const answer = await readLine('> ');
    if (answer === BACK) return BACK;
    if (answer === 'apply') return { kind: 'apply', deploys: false };
    if (answer === 'deploy' && review.deploy !== undefined) return { kind: 'apply', deploys: true };
    const line = /^\d+$/.test(answer) ? review.lines[Number(answer) - 1] : undefined;
    if (line) return { kind: 'edit', name: line.name };
    say(`"${printable(answer)}" is neither "apply" nor a number from 1 to ${review.lines.length}`);
  }
}
