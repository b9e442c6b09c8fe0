import { expect, test } from 'vitest';
import { parseChallenges } from '../../../src/oci/registry/challenge.ts';

test('several challenges, quoted commas and quotes, any case', () => {
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

// RFC 9110, 5.6 and 11.6.1.
test.each<[string, unknown]>([
  ['Bearer realm = "x" , service= y', { realm: 'x', service: 'y' }],
  ['Bearer realm=""', { realm: '' }],
  ['Bearer realm=', { realm: '' }],
  ['Bearer realm="a\\\\b\\c"', { realm: 'a\\bc' }],
  ['Bearer realm="x=y, z=w"', { realm: 'x=y, z=w' }],
  ['Bearer ,, realm="x",,', { realm: 'x' }],
  ['Bearer realm="x",realm="y"', { realm: 'y' }],
  ['  \tBearer\trealm=x', { realm: 'x' }],
])('the parameters of %s', (header, parameters) => {
  expect(parseChallenges(header)).toEqual([{ scheme: 'bearer', parameters }]);
});

test.each([
  ['', []],
  ['Negotiate', ['negotiate']],
  ['Basic,Bearer realm=x', ['basic', 'bearer']],
  ['Basic realm="x" Bearer', ['basic', 'bearer']],
  ['realm="of no scheme", Basic', ['basic']],
  ['"', []],
  ['Basic realm="not closed', ['basic']],
  ['Basic "x", Bearer', ['basic']],
])('the schemes of %s', (header, schemes) => {
  expect(parseChallenges(header).map(({ scheme }) => scheme)).toEqual(schemes);
});
