import { UserError } from '../core/errors.ts';
import { readWhole } from '../files/read.ts';
import { text, yesNo } from '../step/input.ts';
import { inquiry } from '../step/inquiry.ts';
import { anyText } from '../step/parsers.ts';
import type { Certificate } from '../x509/index.ts';
import { imagePath, parseBaseLocation, platform, registryInputs } from './base/inputs.ts';

/** A certificate that only one of two bundles has. */
export interface Difference {
  readonly change: 'added' | 'removed';
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

/** Finds the certificates that were added and removed between two bundles, each a file or an image. */
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
      ...only(old, current).map((each) => describe(each, 'removed')),
      ...only(current, old).map((each) => describe(each, 'added')),
    ];
    return { a, b, same: current.size - only(current, old).length, differences, exitCode };
  },
});

async function certificatesIn(bytes: Buffer, name: string): Promise<Map<string, Certificate>> {
  const { contentsOf } = await import('../x509/index.ts');
  const found = contentsOf(bytes, name).flatMap(({ certificate }) => certificate ?? []);
  if (found.length === 0) throw new UserError('SPACECTL_NO_BUNDLE', `${name} contains no certificates`);
  return new Map(found.map((each) => [each.fingerprint, each]));
}

function only(these: Map<string, Certificate>, those: Map<string, Certificate>): readonly Certificate[] {
  return [...these.values()].filter(({ fingerprint }) => !those.has(fingerprint));
}

function describe({ subject, fingerprint, notAfter }: Certificate, change: Difference['change']): Difference {
  return { change, subject, fingerprint, notAfter: notAfter.toISOString() };
}
