import { expect, test } from 'vitest';
import { tokenServer } from '../../../src/oci/registry/token-server.ts';

const allowed = (realm: string, registry: string) =>
  tokenServer(realm, new URL(registry)).then(
    ({ href }) => href,
    ({ code, message }) => `${code}: ${message}`,
  );

test.each([
  ['https://192.0.2.1/token', 'https://192.0.2.2'],
  ['https://[2001:db8::1]/token', 'https://192.0.2.2'],
  ['https://auth.invalid/token', 'https://registry.invalid'],
  ['https://192.0.2.1/token', 'http://192.0.2.2'],
  ['https://192.0.2.1/token', 'https://10.0.0.1'],
  ['https://10.0.0.2/token', 'https://10.0.0.1'],
  ['https://192.168.1.2/token', 'https://10.0.0.1'],
  ['https://169.254.1.2/token', 'https://169.254.1.1'],
  ['https://127.0.0.1:5001/token', 'https://127.0.0.1:5000'],
  ['https://localhost:5001/token', 'https://127.0.0.1:5000'],
  ['https://[::1]:5001/token', 'https://127.0.0.1:5000'],
  ['http://127.0.0.1:5001/token', 'http://127.0.0.1:5000'],
  ['http://localhost:5001/token', 'http://[::1]:5000'],
])('a login may be sent to %s for the registry %s', async (realm, registry) => {
  expect(await allowed(realm, registry)).toBe(new URL(realm).href);
});

const PLAIN = /does not use https/;
const INNER = (network: string) => new RegExp(`is in a ${network} network that the registry is not in`);

test.each<[string, string, RegExp]>([
  ['http://192.0.2.1/token', 'https://192.0.2.2', PLAIN],
  ['http://192.0.2.1/token', 'http://192.0.2.2', PLAIN],
  ['http://10.0.0.1/token', 'http://10.0.0.1', PLAIN],
  ['http://192.0.2.1/token', 'http://127.0.0.1:5000', PLAIN],
  ['http://127.0.0.1:5001/token', 'https://127.0.0.1:5000', PLAIN],
  ['http://169.254.169.254/latest/meta-data/', 'https://192.0.2.2', PLAIN],
  ['https://169.254.169.254/', 'https://192.0.2.2', INNER('link-local')],
  ['https://169.254.169.254/', 'https://10.0.0.1', INNER('link-local')],
  ['https://[fe80::1]/', 'https://192.0.2.2', INNER('link-local')],
  ['https://127.0.0.1:8443/', 'https://192.0.2.2', INNER('loopback')],
  ['https://127.1/', 'https://192.0.2.2', INNER('loopback')],
  ['https://0x7f000001/', 'https://192.0.2.2', INNER('loopback')],
  ['https://0.0.0.0/', 'https://192.0.2.2', INNER('loopback')],
  ['https://[::]/', 'https://192.0.2.2', INNER('loopback')],
  ['https://[::ffff:127.0.0.1]/', 'https://192.0.2.2', INNER('loopback')],
  ['https://localhost/', 'https://192.0.2.2', INNER('loopback')],
  ['https://localhost/', 'https://10.0.0.1', INNER('loopback')],
  ['https://10.1.2.3/', 'https://192.0.2.2', INNER('private')],
  ['https://172.31.255.255/', 'https://192.0.2.2', INNER('private')],
  ['https://192.168.0.1/', 'https://127.0.0.1:5000', INNER('private')],
  ['https://100.100.100.200/', 'https://192.0.2.2', INNER('private')],
  ['https://[fd00::1]/', 'https://192.0.2.2', INNER('private')],
  ['file:///etc/passwd', 'https://192.0.2.2', /not a URL/],
  ['token', 'https://192.0.2.2', /not a URL/],
])('no login is sent to %s for the registry %s', async (realm, registry, why) => {
  expect(await allowed(realm, registry)).toMatch(why);
  expect(await allowed(realm, registry)).toMatch(/^SPACECTL_UNREACHABLE: .*No login was sent$/);
});
