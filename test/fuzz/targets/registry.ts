import { Readable } from 'node:stream';
import { failedStatus, type HttpClient, type HttpResponse } from '../../../src/http/index.ts';
import { isExempt } from '../../../src/http/no-proxy.ts';
import { proxyFor } from '../../../src/http/proxy.ts';
import { delayBefore } from '../../../src/http/retry.ts';
import { answerChallenge, challengesIn } from '../../../src/oci/registry/authorization.ts';
import { parseChallenges } from '../../../src/oci/registry/challenge.ts';
import { storedCredentials } from '../../../src/oci/registry/credentials.ts';
import type { Target } from '../target.ts';

const { signal } = new AbortController();

const challenge = 'Bearer realm="https://auth.example/token",service="registry.example",scope="repository:a:pull"';
const challenges = [challenge, 'Basic realm="x"', `Negotiate, ${challenge}, Basic realm="a\\"b"`];

function responseOf(status: number, headers: HttpResponse['headers'], body: Buffer): HttpResponse {
  return { status, headers, url: new URL('https://registry.example/v2/'), body: Readable.from([body]) };
}

/** A client whose every answer is this one. */
function clientOf(body: Buffer): HttpClient {
  return { request: async () => responseOf(200, {}, body), close() {} } as unknown as HttpClient;
}

const auth = Buffer.from('user:secret-word').toString('base64');
const logins = [
  { auths: { 'registry.example': { auth }, 'https://index.docker.io/v1/': { username: 'u', password: 'p' } } },
  { auths: { 'registry.example/a': { identitytoken: 'tok' } }, credHelpers: { 'other.example': 'ecr-login' } },
  { auths: {}, credsStore: '../not a name' },
];

export const REGISTRY_TARGETS: Readonly<Record<string, Target>> = {
  'challenge-header': {
    kind: 'text',
    seeds: challenges,
    parse: (bytes) => parseChallenges(bytes.toString('latin1')),
  },
  'token-realm': {
    kind: 'text',
    seeds: challenges,
    async parse(bytes) {
      const response = responseOf(401, { 'www-authenticate': bytes.toString('latin1') }, Buffer.alloc(0));
      const client = clientOf(Buffer.from('{"token":"t"}'));
      for (const each of challengesIn(response))
        await answerChallenge(each, response.url, { username: 'u', password: 'p' }, client, signal);
    },
  },
  'token-answer': {
    kind: 'json',
    seeds: [JSON.stringify({ token: 'abc.def.ghi', expires_in: 300 }), '{"access_token":"abc"}'],
    async parse(bytes) {
      const { url } = responseOf(401, {}, bytes);
      for (const each of parseChallenges(challenge))
        await answerChallenge(each, url, undefined, clientOf(bytes), signal);
    },
  },
  'registry-logins': {
    kind: 'json',
    seeds: logins.map((each) => JSON.stringify(each)),
    async parse(bytes) {
      const environment = { DOCKER_AUTH_CONFIG: bytes.toString(), HOME: '/nonexistent', PATH: '/nonexistent' };
      const options = { environment, signal, report() {}, root: '/nonexistent' };
      for await (const _ of storedCredentials('registry.example', 'a/b', options));
    },
  },
  'no-proxy': {
    kind: 'text',
    seeds: ['localhost,.example.com,10.0.0.0/8', '*.corp:8443 [fd00::1]:443', 'fd00::/8,1.2.3.4'],
    parse(bytes) {
      const text = bytes.toString();
      for (const host of ['registry.example', '10.1.2.3', '[fd00::1]']) isExempt(new URL(`https://${host}/`), text);
    },
  },
  'proxy-url': {
    kind: 'text',
    seeds: ['http://user:pass@proxy.example:3128', 'proxy:8080', 'https://[::1]:8443'],
    parse: (bytes) => proxyFor(new URL('https://registry.example/'), { HTTPS_PROXY: bytes.toString() }),
  },
  'retry-after': {
    kind: 'text',
    seeds: ['120', 'Wed, 21 Oct 2026 07:28:00 GMT'],
    parse(bytes) {
      const delay = delayBefore(1, bytes.toString('latin1'));
      if (delay !== undefined && !(delay >= 0 && delay <= 60_000)) throw new Error(`a wait of ${delay} ms`);
    },
  },
  'refused-request': {
    kind: 'text',
    seeds: ['text/html', '10', 'https://elsewhere.example/login?next=a'],
    parse: (bytes) => {
      const value = bytes.toString('latin1');
      return failedStatus(responseOf(503, { 'retry-after': value, location: value }, bytes), 'read the image');
    },
  },
};
