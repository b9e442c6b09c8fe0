import type { Random } from '../../fuzz/random.ts';
import { bits, extension, name, nothing, printable, sequence, utf8 } from '../certificate-shapes/encode.ts';
import { type Constraints, type Issue, type Issued, issue, type KeyName, type Name } from './issue.ts';

/** A server, what it sends, and a bundle. */
export interface RandomServer {
  readonly sent: readonly [Issued, ...Issued[]];
  readonly bundle: readonly Issued[];
  readonly host: string;
}

const HOSTS = [
  'www.example.com',
  'example.com',
  'a.b.example.com',
  '127.0.0.1',
  'my_host.example.com',
  'localhost',
] as const;
const SERVER_NAMES: readonly (readonly Name[] | undefined)[] = [
  ['DNS:www.example.com'],
  ['DNS:*.example.com', 'DNS:example.com'],
  ['DNS:example.org', 'IP:127.0.0.1'],
  ['DNS:a.b.example.com', 'email:me@example.com'],
  ['DNS:localhost', 'URI:https://example.com/x'],
  ['DNS:*.b.example.com', 'DNS:my_host.example.com', 'IP:10.1.2.3'],
  ['RID:1.2.3'],
  ['DNS:w*.example.com', 'DNS:WWW.EXAMPLE.COM'],
  ['DNS:www.example.com.', 'DNS:.example.com'],
  undefined,
];
const CONSTRAINTS: readonly Constraints[] = [
  { permitted: ['DNS:example.com'] },
  { permitted: ['DNS:.example.com', 'DNS:localhost'] },
  { excluded: ['DNS:example.org'] },
  { excluded: ['DNS:mail.example.com'] },
  { permitted: ['IP:127.0.0.0/255.0.0.0'] },
  { excluded: ['IP:10.0.0.0/255.128.0.0'], isCritical: false },
  { permitted: ['email:example.com'] },
  { permitted: ['email:me@EXAMPLE.com'] },
  { excluded: ['URI:.example.com'] },
  { permitted: ['DNS:'] },
  { permitted: [`dirName:${name(['O', utf8('Acme')]).toString('hex')}`], isCritical: false },
  { permitted: [`dirName:${name(['O', utf8('Acme')]).toString('hex')}`] },
];
const CA_KEYS: readonly KeyName[] = [
  'P-256',
  'P-256',
  'P-256',
  'P-384',
  'RSA 2048',
  'Ed25519',
  'RSA 1024',
  'RSA 1000',
  'RSA-PSS',
  'Ed448',
  'brainpool',
];
const SERVER_KEYS: readonly KeyName[] = ['P-256', 'P-256', 'P-384', 'RSA 2048', 'Ed25519', 'RSA 1024'];
const USAGES = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2', '2.5.29.37.0', '1.3.6.1.5.5.7.3.4'] as const;

/** Makes a server, its authorities, old and new, right and wrong ones, and a bundle. Most are sound in most respects. */
export function randomServer(random: Random): RandomServer {
  const once = <T>(times: number, value: T) => (random.isOnceIn(times) ? value : undefined);
  /** An authority of one of few names, so that several share it. */
  const subjectOf = (index: number) => name(['CN', (random.isOnceIn(12) ? printable : utf8)(`CA ${index}`)]);
  const authorities: Issued[] = [];
  for (let index = 0; index < 2 + random.below(4); index++) {
    const level = index === 0 ? 0 : random.below(3);
    const issuer = level === 0 ? undefined : random.pick(authorities);
    authorities.push(
      issue({
        subject: subjectOf(random.isOnceIn(6) ? 0 : Math.min(index, 3)),
        ...{ issuer, keyNumber: random.below(2), key: random.pick(CA_KEYS) ?? 'P-256' },
        ...oddities(random),
        ...once(14, { isCa: random.pick([false, undefined]) }),
        ...once(8, { pathLength: random.below(3) }),
        ...once(8, { keyUsage: random.pick([undefined, 0x80, 0, 0x04]) }),
        ...once(10, { extendedKeyUsage: [random.pick(USAGES)] }),
        ...once(5, { constraints: random.pick(CONSTRAINTS) as Constraints }),
        ...once(25, { version: 1 as const }),
      }),
    );
  }
  const names = random.pick(SERVER_NAMES);
  const server = issue({
    subject: name(['CN', utf8('www.example.com')]),
    issuer: random.isOnceIn(30) ? undefined : authorities.at(-1 - random.below(Math.min(2, authorities.length))),
    ...{ keyNumber: 2, key: random.pick(SERVER_KEYS) ?? 'P-256', isCa: random.isOnceIn(20), names },
    ...oddities(random),
    ...once(10, { extendedKeyUsage: [random.pick(USAGES), random.pick(USAGES)] }),
  });
  const some = (times: number) => authorities.filter(() => !random.isOnceIn(times));
  return {
    sent: [server, ...shuffled(random, some(5))],
    bundle: [...shuffled(random, some(2)), ...(random.isOnceIn(20) ? [server] : [])],
    host: random.isOnceIn(8) ? (random.pick(HOSTS) ?? 'localhost') : hostFor(names),
  };
}

/** What any certificate may have. */
function oddities(random: Random): Partial<Issue> {
  const critical = ['1.2.3.4', '2.5.29.36', '2.5.29.14.1'][random.below(3)] as string;
  const value = critical === '2.5.29.36' ? sequence() : critical === '1.2.3.4' ? nothing : bits(0, 1);
  return {
    ...(random.isOnceIn(12) && {
      days: random.pick([
        [-9, -1],
        [1, 9],
      ] as const),
    }),
    ...(random.isOnceIn(10) && { signature: random.pick(['sha1', 'md5', 'sha384', 'pss', 'broken'] as const) }),
    ...(random.isOnceIn(6) && { keyIds: random.pick(['wrong', 'none'] as const) }),
    ...(random.isOnceIn(60) && { serial: [0x80, 1] }),
    ...(random.isOnceIn(30) && { more: [extension({ id: critical, isCritical: !random.isOnceIn(3), value })] }),
  };
}

/** A host that a certificate of these names is for, if there is one. */
function hostFor(names: readonly Name[] | undefined): string {
  const first = names?.find((each) => /^(?:DNS|IP):[\w*.]+$/.test(each)) ?? 'DNS:www.example.com';
  return first.replace(/^\w+:/, '').replace('*', 'www');
}

function shuffled<T>(random: Random, items: readonly T[]): T[] {
  return items
    .map((item) => ({ item, order: random.below(1000) }))
    .sort((one, other) => one.order - other.order)
    .map(({ item }) => item);
}
