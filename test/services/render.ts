import { writeFile } from 'node:fs/promises';
import path from 'node:path';
import { expect } from 'vitest';
import { optionalCaBundle } from '../../src/ca-bundle/index.ts';
import { ask } from '../../src/step/ask.ts';
import { known } from '../../src/step/content.ts';
import { type Change, createPlanner, type Plan } from '../../src/step/plan.ts';
import { newDirectory } from '../../src/step/shared.ts';
import type { Step } from '../../src/step/step.ts';
import { createAuthority } from './authority.ts';
import { temporaryFolder } from './temporary.ts';

/** Flags as a command line gives them; one without a value is a switch. */
export type Flags = readonly string[];

/** A pool's folder that is nowhere but in memory: a step sees what others are about to write. */
export interface Pool {
  readonly dir: string;
  readonly planned: readonly Change[];
}

const SECRET = 'MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ';

/** A key that no file may repeat, and its request. */
export const KEY = `-----BEGIN PRIVATE KEY-----\n${SECRET}\n-----END PRIVATE KEY-----\n`;

export function planPool({ token }: { token?: string } = {}): Pool {
  const dir = path.resolve('no-such-folder/build-eu');
  const files = { 'spacelift.key': KEY, 'spacelift.csr': 'a request', ...(token && { 'worker-pool.config': token }) };
  const planned = Object.entries(files).map(
    ([name, text]): Change => ({
      kind: 'file',
      step: 'pool',
      path: path.join(dir, name),
      mode: 0o600,
      isSecret: true,
      content: known(text),
      status: 'create',
    }),
  );
  return { dir, planned };
}

/** The same folder with a CA bundle, whose base is one certificate long if no other is asked for. */
export async function withBundle({ dir, planned }: Pool, source: Flags = ['--source', 'file']): Promise<Pool> {
  const flags = ['--offline', ...source, '--ca', 'docs/example-ca.pem'];
  if (!source.includes('mozilla')) {
    const base = path.join(await temporaryFolder(), 'base.pem');
    await writeFile(base, (await createAuthority()).authority);
    flags.push('--image', base);
  }
  const plan = await planStep(optionalCaBundle, { dir, planned }, flags);
  return { dir, planned: [...planned, ...plan.changes] };
}

/** Plans a step in this process, from flags alone: no environment, no answers file, nobody to ask. */
export async function planStep(step: Step, { dir, planned }: Pool, flags: Flags) {
  const given: Record<string, string[]> = { dir: [dir] };
  for (const [index, flag] of flags.entries()) {
    if (!flag.startsWith('--')) continue;
    const next = flags[index + 1];
    const value = next === undefined || next.startsWith('--') ? 'true' : next;
    given[flag.slice(2)] = [...(given[flag.slice(2)] ?? []), value];
  }
  const { values } = await ask(
    { ...step.inputs, dir: newDirectory },
    { flags: given, environment: {}, answersFile: {} },
  );
  const planner = createPlanner({ step: step.id, planned, signal: new AbortController().signal });
  return step.plan(values as never, planner);
}

/** What a step renders: texts by their paths below the pool's folder. */
export async function renderStep(step: Step, pool: Pool, flags: Flags): Promise<Record<string, string>> {
  return textsOf(await planStep(step, pool, flags), pool);
}

/** The texts of a plan by their paths below the pool's folder. */
export async function textsOf({ changes }: Pick<Plan, 'changes'>, pool: Pool): Promise<Record<string, string>> {
  const texts: Record<string, string> = {};
  for (const change of changes) {
    if (change.kind !== 'file') continue;
    texts[path.relative(pool.dir, change.path)] = Buffer.from(await change.content.bytes()).toString('utf8');
  }
  return texts;
}

/** Neither as it is nor in the form the launcher takes. */
export function expectNoKey(texts: Readonly<Record<string, string>>): void {
  const encoded = Buffer.from(KEY).toString('base64').slice(40, 100);
  for (const [name, text] of Object.entries(texts)) {
    if (text.includes(SECRET) || text.includes(encoded)) expect.fail(`the private key is in ${name}`);
  }
}
