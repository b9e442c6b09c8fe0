import { existsSync } from 'node:fs';
import path from 'node:path';
import { UserError } from '../../core/errors.ts';
import { quoteIfNeeded } from '../../core/text.ts';
import { readFileIfExists } from '../../files/read.ts';
import { CSR_FILE, describeEnvironment, isTokenForKey, KEY_FILE, readToken, type Token } from '../../pki/index.ts';
import {
  token as anyToken,
  datedName,
  newerDownloads,
  stepsToToken,
  TOKEN_FILE,
  tokenFileIn,
  tokenFilesIn,
} from '../../pool-folder/index.ts';
import { known } from '../../step/content.ts';
import { secret } from '../../step/input.ts';
import type { Planner } from '../../step/plan.ts';
import { directory } from '../../step/shared.ts';
import { step } from '../../step/step.ts';

const token = secret({
  summary: anyToken.summary,
  question: "The pool's token: paste it, or name its file",
  placeholder: 'FILE',
  isForLater: true,
  keptAs: TOKEN_FILE,
  inForce: ({ dir }: { dir: string }) => tokenFilesIn(dir)[0],
  // Spacelift creates the token for a key: without a key there cannot be a token.
  asked: ({ dir }: { dir: string }) => existsSync(path.join(dir, KEY_FILE)),
  hint({ dir }: { dir: string }) {
    const [kept] = tokenFilesIn(dir);
    if (kept) return `${kept} already exists: leave this empty to keep it.`;
    const request = path.join(dir, CSR_FILE);
    return `Spacelift returns the token when you create a pool with ${request}. Leave this empty if you do not have it yet: everything else is created now.`;
  },
  async parse(text, { dir }: { dir: string }) {
    rejectMissingFile(text.trim());
    const bytes = Buffer.from(text.trim());
    readToken(bytes);
    const keyFile = path.join(dir, KEY_FILE);
    const key = await readFileIfExists(keyFile);
    const isForKey = key && (await isTokenForKey(bytes, { key: { name: keyFile, bytes: key } }));
    if (isForKey === false) throw tokenOfOtherKey(keyFile);
    return text.trim();
  },
  remark: (text) => remarkOn(readToken(Buffer.from(text))),
});

/** Saves the pool's token next to its key. Without a token, says how to get one; the other steps continue. */
export const workerPool = step({
  id: 'workerPool',
  title: 'the worker pool token',
  inputs: { dir: directory, token },
  async plan({ dir, token: given }, planner) {
    const file = path.join(dir, TOKEN_FILE);
    const bytes = given === undefined ? await findToken(dir) : Buffer.from(given);
    if (!bytes) return { changes: [], next: await stepsToToken(dir, planner), facts: { hasToken: false } };
    const { isFedRamp, endpoint, certificates } = readToken(bytes, given === undefined ? tokenFileIn(dir) : undefined);
    await rejectOtherKey(bytes, path.join(dir, KEY_FILE), planner);
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
      notes: backup ? [`The previous token is saved as ${backup}`] : [],
      warnings: [
        ...(certificates.length === 0
          ? [`The token contains no certificate, so spacectl cannot tell whether it is for the key in ${dir}`]
          : []),
        ...newer.map(
          (each) => `${each} is newer than ${file}, but is not used. To use it: --token-file ${quoteIfNeeded(each)}`,
        ),
      ],
      facts: { hasToken: true, isFedRamp, ...(endpoint && { endpoint }) },
    };
  },
});

/**
 * Rejects the path of a missing file: existing files were read before. A token, being base64 of `{`, does not look like a
 * path; the text is not shown in case it is secret after all.
 */
function rejectMissingFile(text: string): void {
  if (!/^(?:\.{0,2}|~)\/\S*$|^\S*\.(?:config|txt)$/.test(text)) return;
  throw new UserError('SPACECTL_BAD_TOKEN', 'The token file does not exist', {
    suggestions: ['Enter the path of the worker-pool-<id>.config from Spacelift, or paste its content'],
  });
}

/** Finds the token saved by an earlier run, or the one file downloaded from Spacelift. */
async function findToken(dir: string): Promise<Uint8Array | undefined> {
  const bytes = await readFileIfExists(tokenFileIn(dir));
  return bytes && Buffer.from(bytes.toString('latin1').trim());
}

/** Rejects a token for another key: workers with it would never connect. */
async function rejectOtherKey(bytes: Uint8Array, keyFile: string, planner: Planner): Promise<void> {
  const key = await planner.read(keyFile);
  if (!key) return;
  const isForKey = key.isKnown
    ? await isTokenForKey(bytes, { key: { name: keyFile, bytes: await key.bytes() } })
    : readToken(bytes).certificates.length === 0;
  if (isForKey === false) throw tokenOfOtherKey(keyFile);
}

function tokenOfOtherKey(keyFile: string): UserError {
  return new UserError('SPACECTL_BAD_TOKEN', `The token was not made for the key ${keyFile}`, {
    suggestions: [`Copy the key that the pool was created with to ${keyFile}, or reset the pool with ${CSR_FILE}`],
  });
}

function remarkOn(token: Token): string {
  const { endpoint, certificates } = token;
  const facts = [
    certificates.length > 0 && 'made for this key',
    endpoint && `broker ${endpoint}`,
    describeEnvironment(token) !== 'standard' && endpoint && describeEnvironment(token),
  ];
  return `Worker pool token: ${facts.filter(Boolean).join(', ') || 'it does not name its key'}`;
}
