import { expect, test } from 'vitest';
import { readersIn } from '../../../src/ca-bundle/clients/readers.ts';
import { remarkOn } from '../../../src/ca-bundle/custom/reader-remarks.ts';
import type { Examination } from '../../../src/oci/index.ts';
import { make, read } from '../../services/given-certificates.ts';

const examination = (...paths: readonly string[]): Examination => ({
  paths: {},
  files: paths.map((path) => ({ path, texts: [] })),
  isComplete: true,
});

test.each<[string, readonly string[], readonly string[]]>([
  ['nothing', [], ['go']],
  ['Debian without ca-certificates', ['/usr/lib/x86_64-linux-gnu/libgnutls.so.30.34.3'], ['go', 'gnutls']],
  ['Alpine', ['/usr/lib/libcrypto.so.3', '/usr/bin/python3.12'], ['go', 'openssl', 'python']],
  ['a Python without a program', ['/usr/lib/libpython3.11.so.1.0'], ['go', 'python']],
  ['a JDK', ['/opt/java/lib/server/libjvm.so'], ['go', 'java']],
  ['Node', ['/usr/local/bin/node'], ['go', 'node']],
  ["a distribution's Node", ['/usr/lib/x86_64-linux-gnu/libnode.so.108'], ['go', 'node']],
  ['completions for a shell', ['/usr/share/bash-completion/completions/node', '/usr/share/x/python3'], ['go']],
])('the readers of an image are known by its files: %s', (_case, paths, readers) => {
  expect([...(readersIn(examination(...paths)) ?? []).keys()]).toEqual(readers);
});

test('the readers are not known if not all layers were read', () => {
  expect(readersIn({ ...examination('/usr/local/bin/node'), isComplete: false })).toBeUndefined();
});

test.each<[string, readonly string[], string | undefined]>([
  ['older', ['/usr/bin/python3.9', '/usr/lib/libpython3.11.so.1.0'], undefined],
  ['newer', ['/usr/bin/python3.13', '/usr/bin/python3.9'], 'Python 3.13 and newer do'],
  ['of an unknown version', ['/usr/bin/python3'], 'Python 3.13 and newer do'],
])(
  'a rule of newer versions of a reader counts unless all versions in the image are older: %s',
  (_case, paths, who) => {
    const [certificate] = read(make('Given', { version: 1 }).pem).certificates;
    const remark = certificate && remarkOn(certificate, readersIn(examination(...paths)));
    expect(remark?.split(' not trust')[0]).toBe(who);
  },
);
