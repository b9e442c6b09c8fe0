import { expect, test } from 'vitest';
import { isExempt } from '../../src/http/no-proxy.ts';
import { proxyFor } from '../../src/http/proxy.ts';

test.each([
  ['example.com', 'https://example.com/', true],
  ['example.com', 'https://acme.example.com/', true],
  ['example.com', 'https://badexample.com/', false],
  ['.example.com', 'https://acme.example.com/', true],
  ['.example.com', 'https://example.com/', false],
  ['*.example.com', 'https://acme.example.com/', true],
  ['*.example.com', 'https://example.com/', false],
  ['EXAMPLE.com', 'https://example.COM/', true],
  ['bücher.example', 'https://a.bücher.example/', true],
  ['*', 'https://example.com/', true],
  ['a.invalid, example.com b.invalid', 'https://example.com/', true],
  ['example.com:8443', 'https://example.com:8443/', true],
  ['example.com:8443', 'https://example.com/', false],
  ['example.com:443', 'https://example.com/', true],
  ['example.com:80', 'http://example.com/', true],
  ['10.0.0.0/8', 'https://10.1.2.3/', true],
  ['10.0.0.0/8', 'https://11.1.2.3/', false],
  ['10.0.0.0/', 'https://11.1.2.3/', false],
  ['10.0.0.0/33', 'https://10.0.0.0/', false],
  ['10.1.2.3', 'https://10.1.2.3/', true],
  ['10.1.2.3', 'https://110.1.2.3/', false],
  ['10.1.2.3:8443', 'https://10.1.2.3/', false],
  ['10.1.2.3:8443', 'https://10.1.2.3:8443/', true],
  ['fd00::/8', 'https://[fd00::7]/', true],
  ['fd00::7', 'https://[fd00:0::7]/', true],
  ['[fd00::7]:8443', 'https://[fd00::7]:8443/', true],
  ['[fd00::7]:8443', 'https://[fd00::7]/', false],
  ['10.1.2.3', 'https://10.1.2.2/', false],
  ['fd00::7', 'https://[fd00::6]/', false],
  ['fd00::/129', 'https://[fd00::]/', false],
  ['x.example.com', 'https://example.com/', false],
  ['FD00::/8', 'https://[fd00::7]/', true],
  ['fd00::7', 'https://[fd00::8]/', false],
  ['x10.0.0.0/8', 'https://10.1.2.3/', false],
  ['10.0.0.0/8x', 'https://10.1.2.3/', false],
  ['https:example.com:443', 'https://example.com/', false],
  ['example.com:443x', 'https://example.com/', false],
  ['', 'https://example.com/', false],
  [',, :80 . /8', 'http://example.com/', false],
  ['', 'http://localhost:5000/', true],
  ['', 'https://127.8.9.10/', true],
  ['', 'https://[::1]/', true],
])('with NO_PROXY=%s, the host %s is exempt: %s', (exceptions, url, isIt) => {
  expect(isExempt(new URL(url), exceptions)).toBe(isIt);
});

test.each([
  [{ HTTPS_PROXY: 'proxy.invalid:3128' }, 'http://proxy.invalid:3128/'],
  [{ HTTPS_PROXY: '10.0.0.1:3128' }, 'http://10.0.0.1:3128/'],
  [{ https_proxy: 'https://proxy.invalid:3128' }, 'https://proxy.invalid:3128/'],
  [{ HTTPS_PROXY: 'http://upper.invalid', https_proxy: 'http://lower.invalid' }, 'http://upper.invalid/'],
  [{ HTTPS_PROXY: '', https_proxy: 'http://lower.invalid' }, 'http://lower.invalid/'],
  [{ HTTP_PROXY: 'http://other.invalid' }, undefined],
  [{ ALL_PROXY: 'http://all.invalid' }, 'http://all.invalid/'],
  [{ HTTPS_PROXY: 'http://proxy.invalid', no_proxy: 'example.com' }, undefined],
])('the proxy of an environment is found: %j', (environment, proxy) => {
  expect(proxyFor(new URL('https://example.com/'), environment)?.href).toBe(proxy);
});

test.each(['socks5://me:secret@proxy.invalid', 'http://me:secret@'])(
  '%s is refused as a proxy, and is not shown',
  (value) => {
    const find = () => proxyFor(new URL('https://example.com/'), { HTTPS_PROXY: value });
    expect(find).toThrow(expect.objectContaining({ code: 'SPACECTL_BAD_INPUT' }));
    expect(find).not.toThrow(/secret/);
  },
);
