import { expect, test } from 'vitest';
import { baseOf } from '../../services/distributions/base-of.ts';
import { DISTRIBUTIONS } from '../../services/distributions/trees.ts';

const cases = DISTRIBUTIONS.map((each) => [each.name, each] as const);

test.each(cases)('the bundle is mounted where clients read it: %s', async (_name, distribution) => {
  const { provenance, image } = await baseOf(distribution);
  expect(provenance.mountPaths ?? [provenance.mountPath]).toEqual(distribution.mounts);
  const byMount = ['go', 'openssl', 'curl', 'git', 'gnutls', 'python'];
  for (const { client, sees } of image?.map.clients ?? []) {
    if (byMount.includes(client)) expect({ client, sees }).toEqual({ client, sees: 'yes' });
  }
  expect(image?.map.clients.map(({ client }) => client)).toContain('go');
});
