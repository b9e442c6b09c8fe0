import { error, type Fault, text } from './fault.ts';

/** Answers that are no answers. */
export const SHAPES: readonly Fault[] = [
  { title: 'an empty body', act: 'list', troubles: [text('')], says: /is not JSON/ },
  { title: 'half of a document', act: 'list', troubles: [text('{"data":{"workerPools":[')], says: /is not JSON/ },
  { title: 'bytes that are not UTF-8', act: 'list', troubles: [text('\u0000\uFFFD')], says: /is not JSON/ },
  ...['null', '7', '"x"', '[]', '{}', '{"status":"ok"}'].map((body): Fault => {
    return { title: `the document ${body}`, act: 'list', troubles: [text(body)], says: /is not a GraphQL API: it / };
  }),
  { title: 'data that is empty', act: 'list', troubles: [text('{"data":{}}')], says: /"workerPools" is missing/ },
  { title: 'data that is null', act: 'list', troubles: [text('{"data":null}')], says: /"workerPools" is missing/ },
  { title: 'data that is a list', act: 'list', troubles: [text('{"data":[1]}')], says: /not a GraphQL API|is missing/ },
  {
    title: 'another field than the one asked for',
    act: 'show',
    troubles: [text('{"data":{"stacks":[]}}')],
    says: /"workerPool" is missing/,
  },
  {
    title: 'errors that are a string',
    act: 'list',
    troubles: [text('{"errors":"x"}')],
    says: /"errors" is not an array/,
  },
  {
    title: 'errors that are numbers',
    act: 'list',
    troubles: [text('{"errors":[1]}')],
    says: /"errors\.0" is not an object/,
  },
  {
    title: 'an error without a message',
    act: 'list',
    troubles: [text('{"errors":[{}]}')],
    code: 'SPACECTL_REQUEST_REFUSED',
    says: /no reason given/,
  },
  {
    title: 'an error whose message is null',
    act: 'list',
    troubles: [text('{"errors":[{"message":null}]}')],
    code: 'SPACECTL_REQUEST_REFUSED',
    says: /no reason given/,
  },
  { title: 'an empty list of errors', act: 'list', troubles: [{ alter: ({ data }) => ({ data, errors: [] }) }] },
  {
    title: 'an answer of 33 MB',
    act: 'list',
    troubles: [text(' '.repeat(33 << 20))],
    code: 'SPACECTL_BAD_DATA',
    says: /is larger than/,
  },
  { title: 'a document nested 100,000 deep', act: 'list', troubles: [text('['.repeat(100_000))], says: /is not JSON/ },
  {
    title: 'a value nested 100,000 deep',
    act: 'list',
    troubles: [text(`{"data":{"workerPools":${'['.repeat(100_000)}${']'.repeat(100_000)}}}`)],
    says: /"workerPools\.0\.id" is missing/,
  },
  {
    title: 'an error with a message of a megabyte',
    act: 'list',
    troubles: [error('x'.repeat(1 << 20))],
    code: 'SPACECTL_REQUEST_REFUSED',
    says: /x{500}…$/,
  },
];
