import { readdir } from 'node:fs/promises';
import path from 'node:path';
import { readWhole } from '../files/read.ts';
import { CSR_FILE, KEY_FILE, readToken, tokenBelongsTo } from '../pki/index.ts';
import { known } from '../step/content.ts';
import { UserError } from '../step/errors.ts';
import { secret } from '../step/input.ts';
import type { Planner } from '../step/plan.ts';
import { directory } from '../step/shared.ts';
import { step } from '../step/step.ts';
import { TOKEN_FILE } from './index.ts';

const token = secret({
  summary: 'Worker pool token that Spacelift gave for the certificate request (-: standard input)',
  question: "The pool's token: paste it, or give its file (leave empty if there is none yet)",
  description: 'Spacelift gives a token when a pool is created with spacelift.csr. Without one, all else is made now.',
  placeholder: 'FILE',
  parse(text) {
    readToken(Buffer.from(text));
    return text.trim();
  },
});

/** Keeps the pool's token beside its key. Without a token it says how to get one, and the other steps go on. */
export const workerPool = step({
  id: 'workerPool',
  title: 'the worker pool token',
  inputs: { dir: directory, token },
  async plan({ dir, token: given }, planner) {
    const file = path.join(dir, TOKEN_FILE);
    const bytes = given === undefined ? await findToken(dir, planner) : Buffer.from(given);
    if (!bytes) return { changes: [], next: [createPool(dir)], facts: { hasToken: false } };
    const { isFedRamp, endpoint } = readToken(bytes);
    await refuseStranger(bytes, path.join(dir, KEY_FILE), planner);
    return {
      changes: [await planner.file({ path: file, content: known(bytes), mode: 0o600, isSecret: true })],
      facts: { hasToken: true, isFedRamp, ...(endpoint && { endpoint }) },
    };
  },
});

/** The token kept by an earlier run, or the one file that Spacelift's download was saved as. */
async function findToken(dir: string, planner: Planner): Promise<Uint8Array | undefined> {
  const kept = await planner.read(path.join(dir, TOKEN_FILE));
  if (kept) return kept.bytes();
  const names = await readdir(dir).catch(() => []);
  const downloads = names.filter((name) => /^worker-pool-.+\.config$/.test(name)).sort();
  if (downloads.length > 1) {
    throw new UserError('SPACECTL_BAD_INPUT', `${dir} holds several tokens: ${downloads.join(', ')}`, {
      suggestions: [`--token-file ${path.join(dir, downloads[0] ?? '')}`],
    });
  }
  const bytes = downloads[0] && (await readWhole(path.join(dir, downloads[0])));
  return bytes ? Buffer.from(bytes.toString('latin1').trim()) : undefined;
}

/** A token for another key would give a pool whose workers never connect: better said now. */
async function refuseStranger(bytes: Uint8Array, keyFile: string, planner: Planner): Promise<void> {
  const key = await planner.read(keyFile);
  if (!key) return;
  if (key.isKnown && (await tokenBelongsTo(bytes, { name: keyFile, bytes: await key.bytes() }))) return;
  if (!key.isKnown && readToken(bytes).certificates.length === 0) return;
  throw new UserError('SPACECTL_BAD_TOKEN', `The token belongs to another key than ${keyFile}`, {
    suggestions: [`Put the key whose request was given to Spacelift at ${keyFile}, or reset the pool with ${CSR_FILE}`],
  });
}

function createPool(dir: string): string {
  return `Create the pool in Spacelift (Worker pools, Create worker pool) with ${path.join(dir, CSR_FILE)}, save the token it gives as ${path.join(dir, 'worker-pool-<id>.config')}, and run the same command again`;
}
