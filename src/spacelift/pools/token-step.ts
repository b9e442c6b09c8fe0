import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { wordFor } from '../../core/words.ts';
import { readFileIfThere } from '../../files/read.ts';
import { CSR_FILE, isTokenForKey, KEY_FILE, readToken, type Token } from '../../pki/index.ts';
import { datedName, newerDownloads, TOKEN_FILE, tokenFileIn, tokenFilesIn } from '../../pool-folder/index.ts';
import { known } from '../../step/content.ts';
import { secret } from '../../step/input.ts';
import type { Planner } from '../../step/plan.ts';
import { directory } from '../../step/shared.ts';
import { step } from '../../step/step.ts';

const token = secret({
  summary: 'Worker pool token that Spacelift gave for the certificate request (-: standard input)',
  question: "The pool's token: paste it, or name its file",
  placeholder: 'FILE',
  // Spacelift makes the token for a key: before there is one, there is nothing to ask for.
  asked: ({ dir }) => existsSync(path.join(String(dir), KEY_FILE)),
  hint({ dir }) {
    const [kept] = tokenFilesIn(String(dir));
    if (kept) return `${kept} is there already: leave this empty to keep it.`;
    const request = path.join(String(dir), CSR_FILE);
    return `Spacelift gives the token when a pool is created with ${request}. Leave this empty if there is none yet: all else is made now.`;
  },
  async parse(text, { dir }) {
    refuseMissingFile(text.trim());
    const bytes = Buffer.from(text.trim());
    readToken(bytes);
    const keyFile = path.join(String(dir), KEY_FILE);
    const key = await readFileIfThere(keyFile);
    if (key && !(await isTokenForKey(bytes, { name: keyFile, bytes: key }))) throw stranger(keyFile);
    return text.trim();
  },
  remark: (text) => remarkOn(readToken(Buffer.from(text))),
});

/** Keeps the pool's token beside its key. Without a token it says how to get one, and the other steps go on. */
export const workerPool = step({
  id: 'workerPool',
  title: 'the worker pool token',
  inputs: { dir: directory, token },
  async plan({ dir, token: given }, planner) {
    const file = path.join(dir, TOKEN_FILE);
    const bytes = given === undefined ? await findToken(dir) : Buffer.from(given);
    if (!bytes) return { changes: [], next: [createPool(dir)], facts: { hasToken: false } };
    const { isFedRamp, endpoint } = readToken(bytes);
    await refuseStranger(bytes, path.join(dir, KEY_FILE), planner);
    const replaced = await planner.read(file);
    const backup =
      replaced?.isKnown && !Buffer.from(await replaced.bytes()).equals(bytes) ? datedName(file) : undefined;
    const secret = (name: string, content: Uint8Array) =>
      planner.file({ path: name, content: known(content), mode: 0o600, isSecret: true });
    const newer = given === undefined ? await newerDownloads(dir) : [];
    return {
      changes: [
        ...(backup && replaced ? [await secret(backup, await replaced.bytes())] : []),
        await secret(file, bytes),
      ],
      notes: backup ? [`The token that was there is kept as ${backup}`] : [],
      warnings: newer.map(
        (each) => `${each} is newer than ${file}, and not used: if it is to be, --token-file ${wordFor(each)}`,
      ),
      facts: { hasToken: true, isFedRamp, ...(endpoint && { endpoint }) },
    };
  },
});

/**
 * A file that is there was read before this; what then still is a path names none. No token begins so or ends so, being
 * base64 of `{`: the text is not shown all the same.
 */
function refuseMissingFile(text: string): void {
  if (!/^(?:\.{0,2}|~)\/\S*$|^\S*\.(?:config|txt)$/.test(text)) return;
  throw new UserError('SPACECTL_BAD_TOKEN', 'There is no such file', {
    suggestions: ['Name the file worker-pool-<id>.config that Spacelift gave, or paste what is in it'],
  });
}

/** The token kept by an earlier run, or the one file that Spacelift's download was saved as. */
async function findToken(dir: string): Promise<Uint8Array | undefined> {
  const bytes = await readFileIfThere(tokenFileIn(dir));
  return bytes && Buffer.from(bytes.toString('latin1').trim());
}

/** A token for another key would give a pool whose workers never connect: better said now. */
async function refuseStranger(bytes: Uint8Array, keyFile: string, planner: Planner): Promise<void> {
  const key = await planner.read(keyFile);
  if (!key) return;
  if (key.isKnown && (await isTokenForKey(bytes, { name: keyFile, bytes: await key.bytes() }))) return;
  if (!key.isKnown && readToken(bytes).certificates.length === 0) return;
  throw stranger(keyFile);
}

function stranger(keyFile: string): UserError {
  return new UserError('SPACECTL_BAD_TOKEN', `The token belongs to another key than ${keyFile}`, {
    suggestions: [`Put the key whose request was given to Spacelift at ${keyFile}, or reset the pool with ${CSR_FILE}`],
  });
}

function remarkOn({ endpoint, certificates, isFedRamp }: Token): string {
  const facts = [
    certificates.length > 0 && 'made for this key',
    endpoint && `broker ${endpoint}`,
    isFedRamp && 'FedRAMP',
  ];
  return `A worker pool token: ${facts.filter(Boolean).join(', ') || 'it does not say for which key'}`;
}

function createPool(dir: string): string {
  return `Create the pool in Spacelift (Worker pools, Create worker pool) with ${path.join(dir, CSR_FILE)}, save the token it gives as ${path.join(dir, 'worker-pool-<id>.config')}, and run the same command again`;
}
