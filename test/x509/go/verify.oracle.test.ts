import { expect } from 'vitest';
import { type GoProblem, verifyLikeGo } from '../../../src/x509/go/index.ts';
import { Random } from '../../fuzz/random.ts';
import { askGo, GO_ROOTS, type GoAnswer } from '../../services/go-handshakes/ask.ts';
import { testWith } from '../../services/programs.ts';
import { type Issued, NOW } from '../../services/server-chains/issue.ts';
import { type RandomServer, randomServer } from '../../services/server-chains/random-chains.ts';
import { SHAPES } from '../../services/server-chains/shapes.ts';

const MINUTE = 60_000;

function problemOf({ sent, bundle, host }: RandomServer): GoProblem | undefined {
  const ders = (issued: readonly Issued[]) => issued.map(({ der }) => der);
  const verdict = verifyLikeGo(ders(sent), ders(bundle), host, NOW);
  return 'problem' in verdict ? verdict.problem : undefined;
}

/** What Go before 1.23, which Debian 12 has, still trusts. */
const TRUSTED_BEFORE_1_23 = ['a wildcard alone', 'a stranger with a key of 8223 bits beside the chain'];

/** Returns whether a version of Go minds: `undefined` if the problem is one of other versions. */
function isTrustedBy(version: string, problem: GoProblem | undefined): boolean | undefined {
  if (!problem) return true;
  const { since, before } = problem.hint ?? problem;
  const minor = Number(/^go1\.(\d+)/.exec(version)?.[1]);
  const isOther = (since && minor < Number(since.slice(2))) || (before && minor >= Number(before.slice(2)));
  return isOther ? undefined : false;
}

const POLICY_CONSTRAINTS = Buffer.from('0603551d24', 'hex');

/** Returns whether versions of Go differ in one of the certificates, so that a chain that we do not follow may satisfy one. */
function dependsOnVersion({ sent, bundle }: RandomServer): boolean {
  return [...sent, ...bundle].some(({ key, der }) => key === 'RSA 1000' || der.includes(POLICY_CONSTRAINTS));
}

/** Asks every Go. Returns where it disagrees, as one line each. */
async function disagreements(servers: readonly RandomServer[], titles: readonly string[]): Promise<readonly string[]> {
  const pem = ({ bundle }: RandomServer) => bundle.map((each) => each.pem).join('');
  const asked = servers.map((server) => ({ ...server, bundle: pem(server) }));
  const answers: (readonly GoAnswer[])[] = [];
  for (const goRoot of GO_ROOTS) answers.push(await askGo(asked, NOW, goRoot));
  return answers.flatMap((all) =>
    all.flatMap(({ version, trusted, error }, index) => {
      const problem = problemOf(servers[index] as RandomServer);
      const isOld = /^go1\.(?:1\d|2[0-2])\b/.test(version) && TRUSTED_BEFORE_1_23.includes(titles[index] ?? '');
      const ours = isOld ? undefined : isTrustedBy(version, problem);
      const isOpen = ours === undefined || (!ours && dependsOnVersion(servers[index] as RandomServer));
      const isAgreed = isOpen || ours === trusted || error.startsWith('panic: ');
      return isAgreed ? [] : `${version}, ${titles[index]}: ${error || 'trusted'}, not ${problem?.kind ?? 'trusted'}`;
    }),
  );
}

testWith('go')('Go trusts and rejects the servers of the table as we say', { timeout: 10 * MINUTE }, async () => {
  expect(SHAPES.map((shape) => `${shape.title}: ${problemOf(shape)?.kind ?? 'trusted'}`)).toEqual(
    SHAPES.map(({ title, go }) => `${title}: ${go}`),
  );
  expect(
    await disagreements(
      SHAPES,
      SHAPES.map(({ title }) => title),
    ),
  ).toEqual([]);
});

testWith('go')('Go trusts and rejects random servers as we say', { timeout: 10 * MINUTE }, async () => {
  const seed = process.env['GO_SEED'] ?? new Date().toISOString().slice(0, 10);
  const random = new Random(seed);
  const servers = Array.from({ length: process.env['TEST_WHOLE'] ? 5000 : 150 }, () => randomServer(random));
  const titles = servers.map((_, index) => `GO_SEED=${seed}, server ${index}`);
  expect(await disagreements(servers, titles)).toEqual([]);
  const trusted = servers.filter((server) => !problemOf(server)).length;
  // About one in eight. A day's 150 may have fewer.
  expect(trusted / servers.length).toBeGreaterThan(process.env['TEST_WHOLE'] ? 0.1 : 0.03);
});
