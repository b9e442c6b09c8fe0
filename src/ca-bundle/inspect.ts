import { UserError } from '../core/errors.ts';
import { fillSuggestion } from '../core/suggestion.ts';
import { quoteIfNeeded } from '../core/text.ts';
import { readFileIfExists, readInput, readWhole } from '../files/read.ts';
import type { ImageLocation } from '../oci/index.ts';
import { choice, optionalText, text, yesNo } from '../step/input.ts';
import { inquiry } from '../step/inquiry.ts';
import { anyText } from '../step/parsers.ts';
import type { Found } from '../x509/index.ts';
import { parseBaseLocation } from './base/base-location.ts';
import { platform } from './base/inputs.ts';
import { registryInputs } from './base/registry-inputs.ts';
import type { Inspected } from './describe.ts';
import { lockFile } from './inputs.ts';
import { readLock } from './lazy.ts';
import { type Lock, lockFileOf } from './lock/lock.ts';

const SORTS = {
  file: () => 0,
  subject: (a: Inspected, b: Inspected) => compare(a.certificate?.subject, b.certificate?.subject),
  issuer: (a: Inspected, b: Inspected) => compare(a.certificate?.issuer, b.certificate?.issuer),
  expiry: (a: Inspected, b: Inspected) => compare(a.certificate?.notAfter, b.certificate?.notAfter),
  key: (a: Inspected, b: Inspected) => compare(a.certificate?.key, b.certificate?.key),
};

/** Lists the entries of a bundle, or of any file of certificates; or the clients of an image, and whether they see a bundle. */
export const inspection = inquiry({
  inputs: {
    file: text({
      summary: 'Bundle or certificate file, - for standard input; or an image',
      placeholder: 'FILE|REF',
      positional: true,
      parse: anyText,
    }),
    lock: lockFile,
    sort: choice({
      summary: 'Order of the list',
      asked: false,
      choices: (Object.keys(SORTS) as (keyof typeof SORTS)[]).map((value) => ({ value })),
      default: 'file',
    }),
    filter: optionalText({
      summary: 'Show only certificates whose subject, issuer, key or fingerprint contains this text',
      placeholder: 'TEXT',
      parse: (words) => words.toLowerCase(),
    }),
    added: yesNo({ summary: 'Show only certificates that were added to the base' }),
    rejected: yesNo({ summary: 'Show only what ca-bundle build would reject' }),
    platform,
    ...registryInputs,
  },
  async run({ file, lock, sort, filter, added, rejected, platform, ...access }, signal) {
    const content = await contentAt(file, signal);
    if ('image' in content)
      return (await import('./inspect-image.ts')).inspectImage(content.image, platform, access, signal);
    const { bytes } = content;
    const { contentsOf } = await import('../x509/index.ts');
    const originOf = originsIn(bytes, await lockFor(file, lock));
    const { describeEntry } = await import('./describe.ts');
    const contents = contentsOf(bytes, file === '-' ? 'standard input' : file);
    if (!rejected) rejectOtherFile(contents);
    const all = contents.map((found, index) => describeEntry(found, index + 1, originOf));
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

/** Finds an image, or reads certificates. What can be read only once, such as standard input, shows which it is. */
async function contentAt(
  name: string,
  signal: AbortSignal,
): Promise<{ readonly image: ImageLocation } | { readonly bytes: Buffer }> {
  const location = await parseBaseLocation(name, 'auto').catch((error: unknown) => {
    // Reading the file says it better.
    if (error instanceof UserError && error.code === 'SPACECTL_CANNOT_READ') return undefined;
    throw error;
  });
  if (!location || location.kind === 'file') return { bytes: await readInput(name) };
  if (location.kind !== 'stream') return { image: location };
  const { kind: _, ...stream } = location;
  const content = await (await import('../oci/index.ts')).openStream(stream.path, { signal });
  return 'bytes' in content ? content : { image: { kind: 'archive', ...stream, path: '-', file: content.archive } };
}

/** Rejects a file without any certificate. @throws UserError `SPACECTL_BAD_CERTIFICATE` */
function rejectOtherFile(contents: readonly Found[]): void {
  if (contents.some(({ certificate }) => certificate)) return;
  const first = contents.find(({ problem }) => problem?.isPrivateKey) ?? contents[0];
  const { message = 'contains no certificates', suggestions = [] } = first?.problem ?? {};
  const more = contents.length > 1 ? `. None of the ${contents.length} entries of the file is a certificate` : '';
  throw new UserError('SPACECTL_BAD_CERTIFICATE', `${first?.place} ${message}${more}`, {
    suggestions: suggestions.map((each) => fillSuggestion(each, 'FILE', quoteIfNeeded(first?.place ?? ''))),
  });
}

async function lockFor(file: string, lock: string | undefined): Promise<Lock | undefined> {
  if (lock !== undefined) return readLock(await readWhole(lock), lock);
  const beside = file === '-' ? undefined : await readFileIfExists(lockFileOf(file));
  return beside && readLock(beside, lockFileOf(file));
}

/** Returns where certificates come from, by the lock file or by the comments above the additions. */
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
