import { error, type Fault, one, times, value } from './fault.ts';

/** Logins, permissions, and servers that are older. */
export const LOGINS: readonly Fault[] = [
  {
    title: 'a login that is null',
    act: 'list',
    on: 'apiKeyUser',
    troubles: [value(() => null)],
    code: 'SPACECTL_NOT_ALLOWED',
    says: /rejected the credentials/,
  },
  {
    title: 'a login without a token',
    act: 'list',
    on: 'apiKeyUser',
    troubles: [one({ jwt: null })],
    says: /"apiKeyUser\.jwt" is not a string/,
  },
  {
    title: 'a login whose token is empty',
    act: 'list',
    on: 'apiKeyUser',
    troubles: [one({ jwt: '' })],
    says: /"apiKeyUser\.jwt" is not/,
  },
  { title: 'a login whose end is missing', act: 'list', on: 'apiKeyUser', troubles: [one({ validUntil: null })] },
  {
    title: 'a login whose end is text',
    act: 'list',
    on: 'apiKeyUser',
    troubles: [one({ validUntil: String(Date.now()) })],
  },
  {
    title: 'a login that seems to be over: the clock here is an hour ahead',
    act: 'list',
    on: 'apiKeyUser',
    troubles: [one({ validUntil: Math.floor(Date.now() / 1000) - 3600 })],
  },
  { title: 'a login that fails once', act: 'list', on: 'apiKeyUser', troubles: [{ status: 503 }], sent: 2 },
  {
    title: 'a login that is refused',
    act: 'list',
    on: 'apiKeyUser',
    troubles: [error('API key is disabled')],
    code: 'SPACECTL_REQUEST_REFUSED',
    says: /API key is disabled/,
  },
  {
    title: 'a token that is never accepted',
    act: 'create',
    troubles: times(2, error('unauthorized')),
    given: (server) =>
      server.trouble(
        value(() => null),
        'viewer',
      ),
    code: 'SPACECTL_NOT_ALLOWED',
    says: /rejected the credentials/,
  },
  {
    title: 'a missing permission',
    act: 'create',
    troubles: [error('unauthorized: you need admin access')],
    code: 'SPACECTL_NOT_ALLOWED',
    says: /deploy \(api::.*does not have permission to create/,
  },
  {
    title: 'a missing permission, and nobody to ask who is logged in',
    act: 'create',
    troubles: [error('unauthorized')],
    given: (server) => {
      for (let count = 0; count < 5; count++) server.trouble({ status: 500 }, 'viewer');
    },
    says: /HTTP 500/,
  },
  {
    title: 'a viewer that is null',
    act: 'whoami',
    troubles: [value(() => null)],
    code: 'SPACECTL_NOT_ALLOWED',
    says: /rejected the credentials/,
  },
  {
    title: 'a viewer without an ID',
    act: 'whoami',
    troubles: [one({ id: null })],
    says: /"viewer\.id" is not a string/,
  },
  { title: 'a viewer without a name', act: 'whoami', troubles: [one({ name: null })] },
  {
    title: 'a server without a drift limit',
    act: 'show',
    troubles: [],
    given: (server) => server.removeFields('driftDetectionRunLimit'),
    sent: 2,
  },
  {
    title: 'a server without any of the newer fields',
    act: 'list',
    troubles: [],
    given: (server) =>
      server.removeFields(
        'driftDetectionRunLimit',
        'schedulableRunsCount',
        'managedByK8sController',
        'availableAt',
        'status',
      ),
    sent: 2,
  },
  {
    title: 'a server without pools',
    act: 'list',
    troubles: [error('Cannot query field "workerPools" on type "Query".')],
    code: 'SPACECTL_REQUEST_REFUSED',
    says: /Cannot query field/,
  },
  {
    title: 'a server that lacks a field, whatever is asked',
    act: 'list',
    troubles: times(2, error('Cannot query field "status" on type "Worker".')),
    sent: 2,
    code: 'SPACECTL_REQUEST_REFUSED',
    says: /Cannot query field/,
  },
  {
    title: 'a server that lacks a field that can be left out, and one that cannot',
    act: 'list',
    troubles: [
      {
        errors: [
          { message: 'Cannot query field "status" on type "Worker".' },
          { message: 'Cannot query field "workerPools" on type "Query".' },
        ],
      },
    ],
    code: 'SPACECTL_REQUEST_REFUSED',
    says: /Cannot query field/,
  },
  {
    title: 'a server without a queue',
    act: 'watch',
    troubles: [],
    given: (server) => server.removeFields('searchSchedulableRuns'),
    sent: 2,
  },
  {
    title: 'a server without a queue, and without the type of its argument',
    act: 'watch',
    troubles: [
      {
        errors: [
          { message: 'Unknown type "SearchInput".' },
          { message: 'Cannot query field "searchSchedulableRuns" on type "WorkerPool".' },
        ],
      },
    ],
    sent: 2,
  },
  {
    title: 'an update of a server without a drift limit',
    act: 'update',
    troubles: [],
    given: (server) => server.removeFields('driftDetectionRunLimit'),
  },
];
