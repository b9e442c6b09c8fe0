import { expect, test } from 'vitest';
import { parseChallenges } from '../../../src/oci/registry/challenge.ts';

test('challenges are told apart, with quoted commas and quotes, in any case', () => {
  const header =
    'BASIC realm="a, b", bearer Realm="https://public.ecr.aws/token/",service=public.ecr.aws , scope="repository:a/b:pull,push x\\"y"';
  expect(parseChallenges(header)).toEqual([
    { scheme: 'basic', parameters: { realm: 'a, b' } },
    {
      scheme: 'bearer',
      parameters: {
        realm: 'https://public.ecr.aws/token/',
        service: 'public.ecr.aws',
        scope: 'repository:a/b:pull,push x"y',
      },
    },
  ]);
});

test.each([
  ['', []],
  ['Negotiate', ['negotiate']],
  ['Basic,Bearer realm=x', ['basic', 'bearer']],
  ['"', []],
])('the challenges of the header «%s» are read', (header, schemes) => {
  expect(parseChallenges(header).map(({ scheme }) => scheme)).toEqual(schemes);
});
