import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { rootCertificates } from 'node:tls';
import { expect } from 'vitest';
import { judge, readPem } from '../../../src/x509/index.ts';
import { answerOfBuild, compare, needlessRefusals } from '../../services/certificate-readers/compare.ts';
import {
  ask,
  GNUTLS,
  MORE_PROGRAMS,
  newestPrograms,
  PROGRAMS,
  type Verdict,
} from '../../services/certificate-readers/programs.ts';
import { writeQuestions } from '../../services/certificate-readers/questions.ts';
import type { Authority } from '../../services/certificate-shapes/authority.ts';
import { corporateAuthority } from '../../services/certificate-shapes/corporate.ts';
import { mutantAuthority } from '../../services/certificate-shapes/mutants.ts';
import { rekeyed } from '../../services/certificate-shapes/rekeyed.ts';
import { oddAuthorities } from '../../services/certificate-shapes/shapes.ts';
import { isInstalled, ROOT, testWith } from '../../services/programs.ts';
import { sliceOf } from '../../services/slice.ts';
import { temporaryFolder } from '../../services/temporary.ts';

/**
 * The model of the readers against the readers: Go, OpenSSL, Python as from 3.13 on, and GnuTLS. A part each day; all of it,
 * with Node, Java and the newest readers of Debian, by `npm run matrix`.
 */
const { READERS_SEED: seed = new Date().toISOString().slice(0, 10) } = process.env;
const isWhole = Boolean(process.env['TEST_WHOLE']);
const LONG = isWhole ? 30 * 60 * 1000 : 120_000;

const numbered = <Item>(count: number, make: (number: number) => Item) =>
  Array.from({ length: count }, (_, number) => make(number));

/** Authorities that `build` takes: those that it refuses are nobody's to trust. */
const taken = (authorities: readonly Authority[]) =>
  authorities.filter(({ der }) => answerOfBuild(der, new Date()).kind !== 'refused');

async function questionsAbout(authorities: readonly Authority[]): Promise<string> {
  const folder = path.join(await temporaryFolder(), 'questions');
  await writeQuestions(folder, authorities);
  return folder;
}

async function differences(authorities: readonly Authority[]): Promise<readonly string[]> {
  const folder = await questionsAbout(authorities);
  const newest = isWhole && ROOT.isHeld() && isInstalled('debootstrap') ? await newestPrograms() : [];
  const found: string[] = [];
  for (const program of [...PROGRAMS, ...(isWhole ? [...MORE_PROGRAMS, ...newest] : [])]) {
    const answers = await ask(program, folder);
    const compared = compare(authorities, answers);
    if (isWhole) console.log(`${answers.reader}: ${answers.program}: ${JSON.stringify(compared.counts)}`);
    found.push(...compared.differences);
  }
  return found;
}

const testReaders = testWith('go', 'gcc', GNUTLS);

testReaders(
  'of each odd shape that build takes, it warns of the readers that do not trust it, and of no others',
  async () => {
    expect(await differences(taken(sliceOf(oddAuthorities(), 5)))).toEqual([]);
  },
  LONG,
);

testReaders(
  `of authorities as companies make them, build says nothing, and every reader trusts them (seed ${seed})`,
  async () => {
    const authorities = numbered(isWhole ? 100 : 15, (number) => corporateAuthority(`${seed} ${number}`));
    expect(authorities.filter(({ der }) => answerOfBuild(der, new Date()).kind !== 'silent')).toEqual([]);
    expect(await differences(authorities)).toEqual([]);
  },
  LONG,
);

testReaders(
  `of each changed authority that build takes, it warns of the readers that do not trust it, and of no others (seed ${seed})`,
  async () => {
    const authorities = numbered(isWhole ? 5000 : 120, (number) => mutantAuthority(`${seed} ${number}`));
    expect(await differences(taken(authorities))).toEqual([]);
  },
  LONG,
);

testReaders(
  'where build refuses a certificate because a reader would lose the others, it does',
  async () => {
    const losing = oddAuthorities().filter(({ der }) =>
      judge(der).findings.some(({ consequence }) => consequence === 'loses the file'),
    );
    const folder = await questionsAbout(losing);
    for (const program of PROGRAMS.filter(({ reader }) => reader === 'gnutls' || reader === 'openssl')) {
      expect(needlessRefusals(losing, await ask(program, folder))).toEqual([]);
    }
  },
  LONG,
);

testReaders(
  `no changed authority that build refuses is one that every reader trusts (seed ${seed})`,
  async () => {
    const changed = numbered(isWhole ? 1000 : 60, (number) => mutantAuthority(`refused ${seed} ${number}`));
    const refused = changed.filter(({ der }) => answerOfBuild(der, new Date()).kind === 'refused');
    const folder = await questionsAbout(refused);
    const answers = await Promise.all(PROGRAMS.map((program) => ask(program, folder)));
    const isFine = ({ authority, other }: Verdict) => authority === 'trusted' && other === 'trusted';
    const fine = refused.filter((_, index) => answers.every(({ verdicts }) => isFine(verdicts[index] as Verdict)));
    expect(fine.map(({ title }) => title)).toEqual([]);
  },
  LONG,
);

const DEBIAN = '/etc/ssl/certs/ca-certificates.crt';

/** Real roots, each with a key of ours. */
async function realRoots(): Promise<readonly Authority[]> {
  const pem = [...rootCertificates, await readFile(DEBIAN, 'latin1').catch(() => '')].join('\n');
  const ders = new Map(readPem(pem).map(({ bytes }) => [bytes?.toString('base64'), bytes]));
  return [...ders.values()].flatMap((der, number) => (der ? [rekeyed(`root ${number}`, der)] : []));
}

testReaders(
  'of the roots of Mozilla and Debian, build warns of the few that strict Python does not trust, and of no others',
  async () => {
    const roots = await realRoots();
    const warned = roots.flatMap(({ der }) => answerOfBuild(der, new Date()).findings);
    expect(warned.filter(({ reader }) => reader !== 'python')).toEqual([]);
    expect(warned.length).toBeLessThan(12);
    expect(roots.filter(({ der }) => judge(der).irregular.length > 0)).toEqual([]);
    expect(await differences(taken(sliceOf(roots, 5)))).toEqual([]);
  },
  LONG,
);
