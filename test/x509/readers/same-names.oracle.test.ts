import path from 'node:path';
import { expect } from 'vitest';
import { warnOfSameNames } from '../../../src/ca-bundle/custom/same-names.ts';
import { type Certificate, readCertificate } from '../../../src/x509/index.ts';
import { ask, GNUTLS, PROGRAMS } from '../../services/certificate-readers/programs.ts';
import { writeQuestions } from '../../services/certificate-readers/questions.ts';
import { constraints, makeAuthority, subjectKey, usage } from '../../services/certificate-shapes/authority.ts';
import { extension } from '../../services/certificate-shapes/encode.ts';
import { publicKeyOf } from '../../services/certificate-shapes/keys.ts';
import { testWith } from '../../services/programs.ts';
import { temporaryFolder } from '../../services/temporary.ts';

/** A root with the name that all roots here have, and a key of its own. */
function root(keyNumber: number, hasKeyId: boolean) {
  const keyId = hasKeyId ? [subjectKey(publicKeyOf('P-256', keyNumber))] : [];
  return makeAuthority(`root ${keyNumber}`, { keyNumber, extensions: [constraints, usage, ...keyId].map(extension) });
}

testWith('go', 'gcc', GNUTLS).each([
  [true, true, []],
  [true, false, ['git (GnuTLS)']],
  [false, true, ['curl (OpenSSL)', 'Node']],
  [false, false, ['curl (OpenSSL)', 'Node', 'git (GnuTLS)']],
] as const)(
  'of two CAs with one name, with key identifiers: %s, %s, readers that use only one of them are named: %j',
  async (first, second, named) => {
    const [one, two] = [root(1, first), root(2, second)];
    const warnings = warnOfSameNames([one.der], [readCertificate(two.der) as Certificate]);
    expect(warnings.length).toBe(named.length > 0 ? 1 : 0);
    for (const name of ['curl (OpenSSL)', 'Node', 'git (GnuTLS)']) {
      expect(warnings.join('').includes(name)).toBe((named as readonly string[]).includes(name));
    }
    const folder = path.join(await temporaryFolder(), 'questions');
    await writeQuestions(folder, [one, two], () => [one, two]);
    for (const program of PROGRAMS.filter(({ reader }) => reader !== 'python')) {
      const { reader, verdicts } = await ask(program, folder);
      const isNamed = (named as readonly string[]).some((name) => name.toLowerCase().includes(`(${reader})`));
      expect({ reader, usesBoth: verdicts.every(({ authority }) => authority === 'trusted') }).toEqual({
        reader,
        usesBoth: !isNamed,
      });
    }
  },
);
