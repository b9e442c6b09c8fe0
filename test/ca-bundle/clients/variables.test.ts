import { expect, test } from 'vitest';
import { mapClients } from '../../../src/ca-bundle/clients/map.ts';
import { relevantVariables } from '../../../src/ca-bundle/clients/questions.ts';
import { reportClients } from '../../../src/ca-bundle/clients/report.ts';
import type { Environment } from '../../../src/oci/index.ts';

const BUNDLE = '/etc/ssl/certs/ca-certificates.crt';
const ALPINE = ['/usr/bin/node', '/lib/ld-musl-x86_64.so.1', '/usr/lib/libcrypto.so.3'];

test('variables of an image that may be secrets are not kept', () => {
  const java = '-Xmx1g -Djavax.net.ssl.trustStorePassword=hidden -Djavax.net.ssl.trustStore=/opt/secret.jks';
  const environment = {
    SSL_CERT_FILE: BUNDLE,
    TOKEN: 'secret',
    CURL_CA_BUNDLE: '',
    PATH: '/usr/bin',
    NODE_OPTIONS: '--title=secret --use-system-ca',
    JAVA_TOOL_OPTIONS: java,
  };
  const kept = {
    SSL_CERT_FILE: BUNDLE,
    NODE_OPTIONS: '--use-system-ca',
    JAVA_TOOL_OPTIONS: '-Djavax.net.ssl.trustStore',
  };
  expect(relevantVariables(environment)).toEqual(kept);
  expect(relevantVariables(kept)).toEqual(kept);
});

/** The map of an image with some files, in which OpenSSL reads the bundle. */
function mapOf(files: readonly string[], environment: Environment) {
  const found = files.map((path) => ({ path, texts: path.includes('libcrypto') ? [BUNDLE] : [] }));
  const paths = { [BUNDLE]: { kind: 'file', resolvedPath: BUNDLE, size: 1 } } as const;
  const examination = { paths, files: found, isComplete: true };
  return mapClients({ environment: relevantVariables(environment), examination }, [BUNDLE]);
}

test.each<[string, string, readonly string[], Environment, string]>([
  ['node', "OpenSSL's store", ['/usr/local/bin/node'], { NODE_OPTIONS: '--use-openssl-ca' }, 'unknown'],
  ['node', 'an underscore', ['/usr/local/bin/node'], { NODE_OPTIONS: '"--use_system_ca"' }, 'unknown'],
  ['node', "the system's store", ['/usr/local/bin/node'], { NODE_USE_SYSTEM_CA: '1' }, 'unknown'],
  ['node', 'switched off', ['/usr/local/bin/node'], { NODE_USE_SYSTEM_CA: '0' }, 'with variable'],
  ['node', 'another option', ['/usr/local/bin/node'], { NODE_OPTIONS: '--no-use-system-ca' }, 'with variable'],
  ['node', 'Alpine', ALPINE, {}, 'yes'],
  ['node', "Alpine, with Node's list", ALPINE, { NODE_OPTIONS: '--use-bundled-ca' }, 'unknown'],
  [
    'node',
    'the bundle besides',
    ['/usr/local/bin/node'],
    { NODE_OPTIONS: '--use-openssl-ca', NODE_EXTRA_CA_CERTS: BUNDLE },
    'yes',
  ],
  ...['JAVA_TOOL_OPTIONS', 'JDK_JAVA_OPTIONS', '_JAVA_OPTIONS'].map(
    (name) =>
      [
        'java',
        name,
        ['/opt/java/lib/server/libjvm.so'],
        { [name]: '-Djavax.net.ssl.trustStore=/opt/own.jks' },
        'unknown',
      ] as [string, string, readonly string[], Environment, string],
  ),
  ['java', 'memory', ['/opt/java/lib/server/libjvm.so'], { JAVA_TOOL_OPTIONS: '-Xmx1g' }, 'no'],
])('what an image makes a client read by an option is not known: %s, %s', (client, _case, files, variables, sees) => {
  expect(mapOf(files, variables).clients.find((each) => each.client === client)?.sees).toBe(sees);
});

test('a client of which it is not known what it reads is told, with the reason', () => {
  const map = mapOf(['/opt/java/lib/server/libjvm.so'], {
    JAVA_TOOL_OPTIONS: '-Djavax.net.ssl.trustStore=/opt/own.jks',
  });
  const { notes, warnings } = reportClients(map, undefined);
  expect(warnings).toEqual([]);
  expect(notes).toContain(
    'Java in the image may not read the bundle: not known (JAVA_TOOL_OPTIONS of the image has -Djavax.net.ssl.trustStore)',
  );
});
