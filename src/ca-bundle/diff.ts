import { UserError } from '../core/errors.ts';
import { readWhole } from '../files/read.ts';
import { text, yesNo } from '../step/input.ts';
import { inquiry } from '../step/inquiry.ts';
import { anyText } from '../step/parsers.ts';
import type { Certificate } from '../x509/index.ts';
import { parseBaseLocation } from './base/base-location.ts';
import { imagePath, platform } from './base/inputs.ts';
import { registryInputs } from './base/registry-inputs.ts';

/** A certificate that only one of two bundles has or trusts. */
export interface Difference {
  /** `distrusted`: the new bundle tells OpenSSL to reject servers below it. `trusted`: only the old one does. */
  readonly change: 'added' | 'removed' | 'distrusted' | 'trusted';
  readonly subject: string;
  readonly fingerprint: string;
  readonly notAfter: string;
}

const bundle = (which: string) =>
  text({
    summary: `The ${which} bundle: a file or an image`,
    placeholder: 'FILE|REF',
    positional: true,
    parse: anyText,
  });

/** Finds the certificates that were added, removed, or marked as distrusted between two bundles, each a file or an image. */
export const difference = inquiry({
  inputs: {
    a: bundle('old'),
    b: bundle('new'),
    'exit-code': yesNo({ summary: 'Exit with code 10 if they differ' }),
    platform,
    'image-path': imagePath,
    ...registryInputs,
  },
  async run({ a, b, 'exit-code': exitCode, ...request }, signal) {
    const planner = { signal, report: () => {} };
    const read = async (name: string) => {
      const image = await parseBaseLocation(name, 'auto');
      if (image.kind === 'file') return certificatesIn(await readWhole(name), name);
      const { readBase } = await import('./base/base.ts');
      const base = await readBase({ ...request, source: 'auto', offline: false, image }, planner);
      return certificatesIn(base.bytes, base.origin);
    };
    const [old, current] = [await read(a), await read(b)];
    const differences = [
      ...[...old.values()]
        .filter(({ fingerprint }) => !current.has(fingerprint))
        .map((each) => describe(each, 'removed')),
      ...[...current.values()].flatMap((each) => {
        const change = changeOf(old.get(each.fingerprint), each);
        return change ? [describe(each, change)] : [];
      }),
    ];
    const same = [...current.values()].filter((each) => !changeOf(old.get(each.fingerprint), each)).length;
    return { a, b, same, differences, exitCode };
  },
});

interface Entry extends Certificate {
  readonly isDistrusted: boolean;
}

/** Reads the certificates of a bundle. Of two blocks with one certificate, the first says what it is trusted for. */
async function certificatesIn(bytes: Buffer, name: string): Promise<ReadonlyMap<string, Entry>> {
  const { contentsOf, rejectsServers } = await import('../x509/index.ts');
  const found = new Map<string, Entry>();
  for (const { certificate, trust } of contentsOf(bytes, name)) {
    if (!certificate || found.has(certificate.fingerprint)) continue;
    found.set(certificate.fingerprint, { ...certificate, isDistrusted: trust !== undefined && rejectsServers(trust) });
  }
  if (found.size === 0) throw new UserError('SPACECTL_NO_BUNDLE', `${name} contains no certificates`);
  return found;
}

/** Returns what has changed about a certificate of the new bundle; `undefined` if the old one has it as well. */
function changeOf(old: Entry | undefined, { isDistrusted }: Entry): Difference['change'] | undefined {
  if (isDistrusted) return old?.isDistrusted ? undefined : 'distrusted';
  if (old?.isDistrusted) return 'trusted';
  return old ? undefined : 'added';
}

function describe({ subject, fingerprint, notAfter }: Certificate, change: Difference['change']): Difference {
  return { change, subject, fingerprint, notAfter: notAfter.toISOString() };
}
