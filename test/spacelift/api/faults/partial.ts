import { error, type Fault, PAGE, page, text, value } from './fault.ts';

/** Partial answers. */
export const PARTS: readonly Fault[] = [
  {
    title: 'no pool, because of an error',
    act: 'show',
    troubles: [value(() => null, [{ message: 'timeout', path: ['workerPool'] }])],
    code: 'SPACECTL_REQUEST_REFUSED',
    says: /timeout/,
  },
  {
    title: 'one setting that the server cannot read',
    act: 'show',
    troubles: [
      value(
        (pool) => ({ ...pool, driftDetectionRunLimit: null }),
        [{ message: 'timeout', path: ['workerPool', 'driftDetectionRunLimit'] }],
      ),
    ],
  },
  {
    title: 'workers that the server cannot read',
    act: 'show',
    troubles: [
      value((pool) => ({ ...pool, workers: null }), [{ message: 'timeout', path: ['workerPool', 'workers'] }]),
    ],
    says: /workers" is not an array\. Spacelift says: timeout/,
  },
  {
    title: 'a pool that was created, without its token',
    act: 'create',
    troubles: [
      value((pool) => ({ ...pool, config: null }), [{ message: 'timeout', path: ['workerPoolCreate', 'config'] }]),
    ],
  },
  {
    title: 'a pool that was reset, without its name',
    act: 'reset',
    troubles: [value((pool) => ({ ...pool, name: null }), [{ message: 'timeout', path: ['workerPoolReset', 'name'] }])],
    says: /may have been carried out/,
  },
  {
    title: 'a mutation that answers nothing at all',
    act: 'create',
    troubles: [text('{"data":{}}')],
    says: /may have been carried out/,
  },
  {
    title: 'a mutation that is answered by a page',
    act: 'create',
    troubles: [{ status: 200, headers: PAGE, body: page('Scanning'), isDone: true }],
    says: /may have been carried out/,
  },
  {
    title: 'a mutation that a gateway gives up',
    act: 'reset',
    troubles: [{ status: 504, isDone: true }],
    says: /may have been carried out/,
  },
  {
    title: 'a mutation that is refused',
    act: 'create',
    troubles: [error('too many pools', { path: ['workerPoolCreate'] })],
    code: 'SPACECTL_REQUEST_REFUSED',
    says: /too many pools$/,
  },
  {
    title: 'a mutation that is forbidden by a code',
    act: 'create',
    troubles: [error('no', { extensions: { code: 'FORBIDDEN' } })],
    code: 'SPACECTL_NOT_ALLOWED',
    says: /permission to create/,
  },
  {
    title: 'extensions that are text',
    act: 'create',
    troubles: [error('no', { extensions: 'x', path: 'x' })],
    code: 'SPACECTL_REQUEST_REFUSED',
    says: /: no$/,
  },
];
