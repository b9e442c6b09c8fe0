import { createHash } from 'node:crypto';
import path from 'node:path';
import { portablePath } from '../../src/core/portable-path.ts';
import type { PoolStatus, Thing } from '../../src/setup/index.ts';

/** Where annotations can be shown. */
export const ANNOTATIONS = ['github', 'gitlab'] as const;
export type AnnotationKind = (typeof ANNOTATIONS)[number];

/** Formats what needs doing as annotations of a CI service. */
export function formatAnnotations({ dir, things }: PoolStatus, kind: AnnotationKind): string {
  const found = things.filter(({ state }) => state === 'attention');
  const fileOf = ({ file = 'spacectl.yaml' }: Thing) => portablePath(path.join(dir, file));
  const messageOf = ({ evidence, command }: Thing) => (command ? `${evidence}. Run: ${command}` : evidence);
  if (kind === 'github') {
    const line = (thing: Thing) =>
      `::warning file=${property(fileOf(thing))},title=${property(thing.title)}::${data(messageOf(thing))}\n`;
    return found.map(line).join('');
  }
  return `${JSON.stringify(
    found.map((thing) => ({
      description: `${thing.title}: ${messageOf(thing)}`,
      check_name: `spacectl-${thing.id}`,
      fingerprint: createHash('sha256')
        .update(`${fileOf(thing)}\n${thing.id}`)
        .digest('hex'),
      severity: 'minor',
      location: { path: fileOf(thing), lines: { begin: 1 } },
    })),
    null,
    2,
  )}\n`;
}

/** Escapes the message of a workflow command (actions/toolkit, packages/core/src/command.ts, escapeData). */
function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
}

/** Escapes a property of a workflow command (as above, escapeProperty). */
function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
