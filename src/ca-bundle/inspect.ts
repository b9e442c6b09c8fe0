import { UserError } from '../core/errors.ts';
import { wordFor } from '../core/words.ts';
import { readFileIfThere, readInput, readWhole } from '../files/read.ts';
import { choice, optionalText, text, yesNo } from '../step/input.ts';
import { inquiry } from '../step/inquiry.ts';
import type { Found } from '../x509/index.ts';
import type { Inspected } from './describe.ts';
import { readLock } from './lazy.ts';
import { type Lock, lockFileOf } from './lock.ts';

const SORTS = {
  file: () => 0,
  subject: (a: Inspected, b: Inspected) => compare(a.certificate?.subject, b.certificate?.subject),
  issuer: (a: Inspected, b: Inspected) => compare(a.certificate?.issuer, b.certificate?.issuer),
  expiry: (a: Inspected, b: Inspected) => compare(a.certificate?.notAfter, b.certificate?.notAfter),
  key: (a: Inspected, b: Inspected) => compare(a.certificate?.key, b.certificate?.key),
};

/** What a bundle, or any file of certificates, holds. */
export const inspection = inquiry({
  inputs: {
    file: text({
      summary: 'Bundle or certificate file (-: standard input)',
      placeholder: 'FILE',
      positional: true,
      parse: (file) => file,
    }),
    lock: optionalText({
      summary: 'Lock file of the bundle, if not the one beside it',
      placeholder: 'FILE',
      parse: (file) => file,
    }),
    sort: choice({
      summary: 'Order',
      asked: false,
      choices: (Object.keys(SORTS) as (keyof typeof SORTS)[]).map((value) => ({ value })),
      default: 'file',
    }),
    filter: optionalText({
      summary: 'Only those whose subject, issuer, key or fingerprint holds this text',
      placeholder: 'TEXT',
      parse: (words) => words.toLowerCase(),
    }),
    added: yesNo({ summary: 'Only what was added to the base' }),
    rejected: yesNo({ summary: 'Only what ca-bundle build would not take' }),
  },
  async run({ file, lock, sort, filter, added, rejected }) {
    const bytes = await readInput(file);
    const { contentsOf } = await import('../x509/index.ts');
    const originOf = originsIn(bytes, await lockFor(file, lock));
    const { describe } = await import('./describe.ts');
    const contents = contentsOf(bytes, file === '-' ? 'standard input' : file);
    if (!rejected) refuseOther(contents);
    const all = contents.map((found, index) => describe(found, index + 1, originOf));
    const shown = all
      .filter(
        (each) =>
          !filter ||
          JSON.stringify(each.certificate ?? '')
            .toLowerCase()
            .includes(filter),
      )
      .filter((each) => (!added || each.origin === 'added') && (!rejected || each.rejected !== undefined))
      .sort(SORTS[sort]);
    return { file, total: all.length, items: shown };
  },
});

/** What is no file of certificates at all has nothing to be listed. @throws UserError `SPACECTL_BAD_CERTIFICATE` */
function refuseOther(contents: readonly Found[]): void {
  if (contents.some(({ certificate }) => certificate)) return;
  const first = contents.find(({ problem }) => problem?.isPrivateKey) ?? contents[0];
  const { message = 'holds no certificate', suggestions = [] } = first?.problem ?? {};
  const more = contents.length > 1 ? `; nor is any other of the ${contents.length} things in it a certificate` : '';
  throw new UserError('SPACECTL_BAD_CERTIFICATE', `${first?.place} ${message}${more}`, {
    suggestions: suggestions.map((each) => each.replace('FILE', () => wordFor(first?.place ?? ''))),
  });
}

async function lockFor(file: string, lock: string | undefined): Promise<Lock | undefined> {
  if (lock !== undefined) return readLock(await readWhole(lock), lock);
  const beside = file === '-' ? undefined : await readFileIfThere(lockFileOf(file));
  return beside && readLock(beside, lockFileOf(file));
}

/** Tells where certificates came from: from the lock file, or from the comments that precede additions. */
function originsIn(bytes: Buffer, lock: Lock | undefined): (fingerprint: string) => string | undefined {
  const comments = bytes.toString('latin1').matchAll(/^# SHA-256 ((?:[0-9A-F]{2}:){31}[0-9A-F]{2}), valid until/gm);
  const added = new Set(
    lock ? lock.added.map(({ fingerprint }) => fingerprint) : [...comments].map(([, each]) => each),
  );
  const base = lock ? (lock.image ? 'image' : lock.source) : added.size > 0 ? 'base' : undefined;
  return (fingerprint) => (added.has(fingerprint) ? 'added' : base);
}

function compare(a = '', b = ''): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
