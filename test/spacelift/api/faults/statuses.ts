import { type Fault, PAGE, page, text, times } from './fault.ts';

/** Statuses, and what the transport does. */
export const STATUSES: readonly Fault[] = [
  ...[400, 404, 405, 410, 413, 415, 418, 451].map((status): Fault => {
    return { title: `HTTP ${status}`, act: 'list', troubles: [{ status }], says: new RegExp(`HTTP ${status}`) };
  }),
  {
    title: 'HTTP 401 for a valid login',
    act: 'list',
    troubles: [{ status: 401 }],
    code: 'SPACECTL_NOT_ALLOWED',
    says: /deploy \(api::.*does not have permission to list worker pools/,
  },
  {
    title: 'HTTP 403',
    act: 'list',
    troubles: [{ status: 403 }],
    code: 'SPACECTL_NOT_ALLOWED',
    says: /does not have permission .*HTTP 403/,
  },
  { title: 'HTTP 204 without a body', act: 'list', troubles: [{ status: 204 }], says: /not a GraphQL API/ },
  ...[408, 500, 502, 503, 504].flatMap((status): readonly Fault[] => [
    { title: `HTTP ${status} once`, act: 'list', troubles: [{ status }], sent: 2 },
    {
      title: `HTTP ${status} for good`,
      act: 'list',
      troubles: times(5, { status }),
      sent: 5,
      says: new RegExp(`HTTP ${status}`),
    },
  ]),
  {
    title: 'HTTP 429 with a short wait',
    act: 'create',
    troubles: [{ status: 429, headers: { 'retry-after': '1' } }],
    sent: 2,
  },
  {
    title: 'HTTP 429 with a wait of an hour',
    act: 'create',
    troubles: [{ status: 429, headers: { 'retry-after': '3600' } }],
    says: /limiting the rate/,
  },
  {
    title: 'HTTP 429 with a wait that is no time',
    act: 'list',
    troubles: [{ status: 429, headers: { 'retry-after': 'soon' } }],
    sent: 2,
  },
  {
    title: 'a redirect',
    act: 'list',
    troubles: [{ status: 302, headers: { location: 'https://elsewhere.example/login' } }],
    says: /redirects to https:\/\/elsewhere\.example\/login/,
  },
  {
    title: 'a redirect of a mutation',
    act: 'create',
    troubles: [{ status: 308, headers: { location: '/graphql/' } }],
    says: /redirects to \/graphql\//,
  },
  { title: 'a redirect to nowhere', act: 'list', troubles: [{ status: 301 }], says: /HTTP 301/ },
  {
    title: 'a page of a proxy with HTTP 200',
    act: 'list',
    troubles: [{ status: 200, headers: PAGE, body: page('Blocked by ACME') }],
    says: /an HTML page \("Blocked by ACME"\)/,
  },
  {
    title: 'a page of a proxy with HTTP 403',
    act: 'list',
    troubles: [{ status: 403, headers: PAGE, body: page('No') }],
    code: 'SPACECTL_NOT_ALLOWED',
    says: /an HTML page \("No"\).*HTTP 403/,
  },
  {
    title: 'a page of a gateway with HTTP 502',
    act: 'list',
    troubles: times(5, { status: 502, headers: PAGE, body: page('Bad gateway') }),
    sent: 5,
    says: /HTML page.*HTTP 502/,
  },
  {
    title: 'a page without a content type',
    act: 'show',
    troubles: [text(page('Log in'))],
    says: /an HTML page \("Log in"\)/,
  },
  {
    title: 'a page whose title moves the cursor',
    act: 'show',
    troubles: [text(page('a\u001b[2J\nb'))],
    says: /\("a b"\)/,
  },
  { title: 'a connection that breaks before the answer', act: 'list', troubles: [{ cut: 'before' }], sent: 2 },
  { title: 'a connection that breaks after the answer was made', act: 'show', troubles: [{ cut: 'after' }], sent: 2 },
  { title: 'an answer that is cut in its middle', act: 'list', troubles: [{ cut: 'middle' }], sent: 2 },
  {
    title: 'an answer that is always cut in its middle',
    act: 'list',
    troubles: times(5, { cut: 'middle' }),
    sent: 5,
    says: /Cannot reach/,
  },
  {
    title: 'an answer that never comes',
    act: 'list',
    patience: { idleTimeout: 500 },
    troubles: times(5, { late: 1500 }),
    sent: 5,
    says: /timed out/,
  },
  {
    title: 'an answer that trickles',
    act: 'list',
    patience: { totalTimeout: 1500 },
    troubles: [{ trickle: 50 }],
    says: /did not finish its answer within/,
  },
  {
    title: 'a mutation whose connection breaks',
    act: 'delete',
    troubles: [{ cut: 'after' }],
    says: /may have been carried out/,
  },
  {
    title: 'a mutation whose answer is cut',
    act: 'cycle',
    troubles: [{ cut: 'middle' }],
    says: /may have been carried out/,
  },
  {
    title: 'a mutation that may be repeated, and whose connection breaks',
    act: 'drain',
    troubles: [{ cut: 'after' }],
    sent: 2,
  },
];
